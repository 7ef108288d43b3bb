//! The camera and the staff, in place of the PIN.

use super::person::StaffSays;
use super::{Case, case};
use crate::checkin::Method;
use crate::eligibility::Failure;
use crate::simulation::{CentreFault, SimulatedCamera, SimulatedReferenceSource};

pub(super) const CASES: &[Case] = &[
    case(
        "face",
        "in-order",
        "顔認証で本人と確認される",
        "The camera recognises the person",
        |s| s.by(&[Method::Face]),
    ),
    case(
        "face-not-recognised",
        "face-mismatch",
        "顔が写真と一致しない",
        "The face is not the one on the card",
        |s| s.by(&[Method::Face]).ends(Failure::FaceNotRecognised),
    ),
    case(
        "face-not-recognised-then-pin",
        "face-mismatch",
        "顔が一致せず、暗証番号に切り替える",
        "The face is not recognised; the PIN does instead",
        |s| s.by(&[Method::Face, Method::Pin]).presents(2),
    ),
    case(
        "face-not-recognised-then-staff",
        "face-mismatch",
        "顔が一致せず、職員が目視で確認する",
        "The face is not recognised; the staff look and confirm",
        |s| {
            s.by(&[Method::Face, Method::Staff])
                .behaves(|b| b.staff = vec![StaffSays::Yes])
        },
    ),
    case(
        "picture-before-the-camera",
        "in-order",
        "本人の写真をカメラにかざす（なりすまし）",
        "A picture of the holder is held before the camera",
        |s| {
            s.by(&[Method::Face])
                .sees(SimulatedCamera::picture())
                .ends(Failure::FaceNotRecognised)
        },
    ),
    case(
        "nobody-before-the-camera",
        "in-order",
        "カメラの前に誰もいない",
        "Nobody is before the camera",
        |s| {
            s.by(&[Method::Face])
                .sees(SimulatedCamera::nobody())
                .ends(Failure::FaceNotRecognised)
        },
    ),
    case(
        "several-before-the-camera",
        "in-order",
        "カメラに複数の人が写る",
        "Several people are before the camera",
        |s| {
            s.by(&[Method::Face])
                .sees(SimulatedCamera::several_people())
                .ends(Failure::FaceNotRecognised)
        },
    ),
    case(
        "camera-broken",
        "in-order",
        "カメラが故障し、暗証番号に切り替える",
        "The camera is out of order; the PIN does instead",
        |s| {
            s.by(&[Method::Face, Method::Pin])
                .sees(SimulatedCamera::broken())
                .presents(2)
        },
    ),
    case(
        "reference-number-misread",
        "in-order",
        "照合番号Bの読み取りを誤り、1回分を失う",
        "照合番号B is misread from the card, which costs one of its tries",
        |s| {
            let mut s = s
                .by(&[Method::Face])
                .number_reader(SimulatedReferenceSource::wrong)
                .ends(Failure::FaceUnavailable);
            s.tries_left.reference_number_b = 9;
            s
        },
    ),
    case(
        "reference-number-unreadable",
        "in-order",
        "照合番号Bが汚れて読めず、暗証番号に切り替える",
        "照合番号B cannot be read from the card; the PIN does instead",
        |s| {
            s.by(&[Method::Face, Method::Pin])
                .number_reader(|_| SimulatedReferenceSource::unreadable())
        },
    ),
    case(
        "reference-number-kept",
        "in-order",
        "照合番号Bの残りが5回なので送らず、暗証番号に切り替える",
        "Five tries of 照合番号B are left and are kept; the PIN does instead",
        |s| {
            let mut s = s
                .by(&[Method::Face, Method::Pin])
                .options(|o| o.reference_number_b_tries = 5);
            s.tries_left.reference_number_b = 5;
            s
        },
    ),
    case(
        "photo-not-proved",
        "in-order",
        "カードの顔写真が市区町村の署名と合わず、職員がカードを見て確認する",
        "The photo on the card is not the one that was signed; the staff look at card and person",
        |s| {
            s.by(&[Method::Face, Method::Staff])
                .options(|o| o.foreign_photo = true)
                .behaves(|b| b.staff = vec![StaffSays::Yes])
        },
    ),
    case(
        "photo-not-proved-given-up",
        "in-order",
        "カードの顔写真が市区町村の署名と合わず、ほかの方法を使わない",
        "The photo on the card is not the one that was signed, and no other way is taken",
        |s| {
            s.by(&[Method::Face])
                .options(|o| o.foreign_photo = true)
                .ends(Failure::PhotoNotProved)
        },
    ),
    case(
        "face-paused",
        "in-order",
        "顔認証が続けて5回合わなかったカードで、お休みの間に暗証番号を使う",
        "The face was not recognised five times before; during the pause the PIN does instead",
        |mut s| {
            s.clinic.faces_before = 5;
            s.by(&[Method::Face, Method::Pin])
        },
    ),
    case(
        "birth-date-differs",
        "in-order",
        "顔写真とともに署名された生年月日が、保険の記録とちがう",
        "The birth date signed with the photo is not the one on record",
        |s| {
            s.by(&[Method::Face])
                .broken(CentreFault::OtherBirthDate)
                .ends(Failure::BirthDateDiffers)
        },
    ),
    case(
        "birth-date-differs-pin",
        "in-order",
        "保険の記録の生年月日がカードとちがっても、暗証番号なら比べない",
        "With the PIN no birth date is compared: the card face is not read",
        |s| s.broken(CentreFault::OtherBirthDate),
    ),
    case(
        "pinless-refused",
        "in-order",
        "顔は一致したが、カードが暗証番号なしの署名を拒む",
        "The face matches, but the card does not sign without a PIN",
        |s| {
            s.by(&[Method::Face])
                .options(|o| o.pinless_stand_in = false)
                .ends(Failure::FaceUnavailable)
        },
    ),
    case(
        "no-pin-face",
        "no-pin",
        "暗証番号のないカードで顔認証",
        "A card without PIN, and the camera",
        |s| without_pins(s.by(&[Method::Face])),
    ),
    case(
        "no-pin-staff",
        "no-pin",
        "暗証番号のないカードで目視確認",
        "A card without PIN, and the staff confirm",
        |s| {
            without_pins(s.by(&[Method::Staff]))
                .behaves(|b| b.staff = vec![StaffSays::Yes])
                .presents(0)
        },
    ),
    case(
        "no-pin-pin-only-desk",
        "no-pin",
        "暗証番号のないカードで、暗証番号しか使えない窓口",
        "A card without PIN at a desk that takes PINs only",
        |s| {
            without_pins(s.desk(false, false))
                .ends(Failure::PinLocked)
                .presents(0)
        },
    ),
    case(
        "staff-mistypes-once",
        "in-order",
        "職員がパスコードを一度まちがえて、確認する",
        "The staff mistype the passcode once, then confirm",
        |s| {
            s.by(&[Method::Staff])
                .behaves(|b| b.staff = vec![StaffSays::WrongPasscode, StaffSays::Yes])
                .presents(0)
        },
    ),
    case(
        "staff-locked",
        "in-order",
        "職員のパスコードが5回違う",
        "The staff's passcode is wrong five times",
        |s| {
            s.by(&[Method::Staff])
                .behaves(|b| b.staff = vec![StaffSays::WrongPasscode; 5])
                .ends(Failure::StaffLocked)
                .presents(0)
        },
    ),
    case(
        "staff-sees-somebody-else",
        "in-order",
        "職員が別人と判断する",
        "The staff see that it is somebody else",
        |s| {
            s.by(&[Method::Staff])
                .behaves(|b| b.staff = vec![StaffSays::SomebodyElse])
                .ends(Failure::StaffRefused)
                .presents(0)
        },
    ),
];

/// A card on which no secret of the holder was ever set.
fn without_pins(mut scenario: super::Scenario) -> super::Scenario {
    scenario.tries_left.auth_pin = 0;
    scenario.tries_left.sign_password = 0;
    scenario
}
