//! The people. Each is in order but for what their entry says.

use super::{CardBody, CertificateTerm, Expected, Mishap, Persona, PinCondition};
use crate::eligibility::{CertificateStatus, Failure, QualificationValidity, Registration};
use std::sync::LazyLock;

/// Name, kana, sex, birth date, last day of the card, 照合番号B, address, individual number.
pub(super) static ALL: LazyLock<Vec<Persona>> = LazyLock::new(|| {
    let person = Persona::in_order;
    vec![
        person(
            1,
            [
                "見本　花子",
                "ﾐﾎﾝ ﾊﾅｺ",
                "2",
                "19800217",
                "20350217",
                "55021720351047",
                "見本県模擬市受付町一丁目２番地の３",
                "000000000019",
            ],
        )
        .called("in-order", "すべて正常", "everything is in order"),
        Persona {
            term: CertificateTerm::Expiring,
            ..person(
                2,
                [
                    "見本　太郎",
                    "ﾐﾎﾝ ﾀﾛｳ",
                    "1",
                    "19550603",
                    "20330603",
                    "30060320332918",
                    "見本県模擬市受付町一丁目２番地の４",
                    "000000000027",
                ],
            )
            .called(
                "expiring",
                "電子証明書の有効期限まで30日",
                "the certificate ends in 30 days",
            )
        },
        Persona {
            registration: Registration::NotRegistered,
            ..person(
                3,
                [
                    "例示　次郎",
                    "ﾚｲｼﾞ ｼﾞﾛｳ",
                    "1",
                    "19920921",
                    "20340921",
                    "04092120343365",
                    "例示県仮想郡試作村大字見本１０番地",
                    "000000000035",
                ],
            )
            .called(
                "not-registered",
                "健康保険証の利用登録がまだ",
                "not yet registered for use as an insurance card",
            )
        },
        Persona {
            term: CertificateTerm::Grace,
            ..person(
                4,
                [
                    "仮名　桜",
                    "ｶﾒｲ ｻｸﾗ",
                    "2",
                    "19781205",
                    "20311205",
                    "53120520314102",
                    "仮名県桜台市花見町二丁目５番６号",
                    "000000000043",
                ],
            )
            .called(
                "grace",
                "電子証明書の期限切れから20日（猶予期間内）",
                "the certificate ended 20 days ago, within the months of grace",
            )
        },
        Persona {
            term: CertificateTerm::Lapsed,
            ..person(
                5,
                [
                    "試験　一郎",
                    "ｼｹﾝ ｲﾁﾛｳ",
                    "1",
                    "19610330",
                    "20300330",
                    "36033020305871",
                    "試験府検証市確認区判定町７番地８",
                    "000000000051",
                ],
            )
            .called(
                "lapsed",
                "電子証明書の期限切れから1年以上、カードは有効",
                "the certificate ended over a year ago, the card is in date",
            )
            .refused(Failure::CertificateLapsed)
        },
        Persona {
            term: CertificateTerm::CardExpired,
            ..person(
                6,
                [
                    "期限　節子",
                    "ｷｹﾞﾝ ｾﾂｺ",
                    "2",
                    "19490814",
                    "20250814",
                    "24081420256226",
                    "期限県更新市満了町９番地",
                    "000000000060",
                ],
            )
            .called(
                "card-expired",
                "カード自体の有効期限切れ",
                "the card itself has expired",
            )
            .refused(Failure::CardExpired)
        },
        Persona {
            term: CertificateTerm::NotYetValid,
            ..person(
                7,
                [
                    "新規　若葉",
                    "ｼﾝｷ ﾜｶﾊﾞ",
                    "2",
                    "20010409",
                    "20360409",
                    "13040920367590",
                    "新規県発行市若葉町一丁目１番１号　若葉ハイツ１０１号室",
                    "000000000078",
                ],
            )
            .called(
                "not-yet-valid",
                "電子証明書の有効期間がまだ始まっていない",
                "the certificate is not valid yet",
            )
            .refused(Failure::CertificateNotYetValid)
        },
        Persona {
            pin: PinCondition::LastTry,
            ..person(
                8,
                [
                    "見本　三郎",
                    "ﾐﾎﾝ ｻﾌﾞﾛｳ",
                    "1",
                    "19880125",
                    "20340125",
                    "63012520348433",
                    "見本県模擬市受付町三丁目８番地",
                    "000000000086",
                ],
            )
            .called(
                "pin-last-try",
                "暗証番号の残り回数が1回",
                "one try of the PIN is left",
            )
        },
        Persona {
            pin: PinCondition::Locked,
            with_pin: Expected::Refused(Failure::PinLocked),
            ..person(
                9,
                [
                    "施錠　守",
                    "ｾｼﾞｮｳ ﾏﾓﾙ",
                    "1",
                    "19701010",
                    "20331010",
                    "45101020339118",
                    "施錠県鍵山市錠前町四丁目４番地の４",
                    "000000000094",
                ],
            )
            .called(
                "pin-locked",
                "暗証番号がロックされている",
                "the PIN is locked",
            )
        },
        Persona {
            pin: PinCondition::NoPin,
            with_pin: Expected::Refused(Failure::PinLocked),
            ..person(
                10,
                [
                    "顔認　いつ子",
                    "ｶｵﾆﾝ ｲﾂｺ",
                    "2",
                    "19380522",
                    "20340522",
                    "13052220341584",
                    "顔認県写真市撮影町２２番地",
                    "000000000108",
                ],
            )
            .called(
                "no-pin",
                "顔認証マイナンバーカード（暗証番号なし）",
                "a card without PIN, for face or staff check only",
            )
        },
        Persona {
            face_matches: false,
            with_face: Expected::Refused(Failure::FaceNotRecognised),
            ..person(
                11,
                [
                    "別人　光",
                    "ﾍﾞﾂｼﾞﾝ ﾋｶﾙ",
                    "1",
                    "19950707",
                    "20350707",
                    "07070720352750",
                    "別人県相違市似顔町７番７号",
                    "000000000116",
                ],
            )
            .called(
                "face-mismatch",
                "カードの写真と別人",
                "the face at the desk is not the one on the card",
            )
        },
        Persona {
            certificate_status: CertificateStatus::Revoked,
            ..person(
                12,
                [
                    "失効　明美",
                    "ｼｯｺｳ ｱｹﾐ",
                    "2",
                    "19841111",
                    "20341111",
                    "59111120343906",
                    "失効県停止市取消町１１番地の１１",
                    "000000000124",
                ],
            )
            .called(
                "revoked",
                "電子証明書が失効している",
                "the certificate was revoked",
            )
            .refused(Failure::CertificateRevoked)
        },
        Persona {
            validity: QualificationValidity::Invalid,
            ..person(
                13,
                [
                    "退職　実",
                    "ﾀｲｼｮｸ ﾐﾉﾙ",
                    "1",
                    "19630202",
                    "20340202",
                    "38020220344677",
                    "退職県喪失市資格町２番２号",
                    "000000000132",
                ],
            )
            .called(
                "insurance-lost",
                "資格を失っている",
                "the insurance has ended",
            )
            .refused(Failure::InsuranceInvalid)
        },
        Persona {
            validity: QualificationValidity::InvalidNewer,
            ..person(
                14,
                [
                    "転職　真由美",
                    "ﾃﾝｼｮｸ ﾏﾕﾐ",
                    "2",
                    "19901224",
                    "20351224",
                    "02122420355039",
                    "転職県変更市新規町五丁目１２番２４号",
                    "000000000140",
                ],
            )
            .called(
                "changed-insurance",
                "資格が無効で、新しい資格がある",
                "the insurance has ended and there is a newer one",
            )
            .refused(Failure::InsuranceReplaced)
        },
        Persona {
            validity: QualificationValidity::NotFound,
            ..person(
                15,
                [
                    "未加入　進",
                    "ﾐｶﾆｭｳ ｽｽﾑ",
                    "1",
                    "20030303",
                    "20360303",
                    "15030320366814",
                    "未加入県無保険市任意町３番地の３",
                    "000000000159",
                ],
            )
            .called(
                "not-insured",
                "該当する資格がない",
                "no insurance is known for this person",
            )
            .refused(Failure::NoSuchInsured)
        },
        Persona {
            validity: QualificationValidity::Several,
            ..person(
                16,
                [
                    "双葉　恵",
                    "ﾌﾀﾊﾞ ﾒｸﾞﾐ",
                    "2",
                    "19750505",
                    "20330505",
                    "50050520337263",
                    "双葉県重複市並立町５番地",
                    "000000000167",
                ],
            )
            .called(
                "several",
                "資格が複数該当する",
                "more than one insurance fits",
            )
            .refused(Failure::SeveralInsured)
        },
        Persona {
            body: CardBody::OtherCard,
            ..person(
                17,
                [
                    "無縁　翔",
                    "ﾑｴﾝ ｼｮｳ",
                    "1",
                    "19990808",
                    "20340808",
                    "11080820348092",
                    "無縁県他社市別札町８番地８号",
                    "000000000175",
                ],
            )
            .called(
                "other-card",
                "マイナンバーカードではないカード",
                "not a My Number card",
            )
            .refused(Failure::NotAMyNumberCard)
        },
        Persona {
            mishap: Some(Mishap::CardPulled),
            ..person(
                18,
                [
                    "早抜　優",
                    "ﾊﾔﾇｷ ﾕｳ",
                    "2",
                    "19860626",
                    "20340626",
                    "61062620349451",
                    "早抜県離席市急行町６番地の２６",
                    "000000000183",
                ],
            )
            .called(
                "card-pulled",
                "途中でカードが離れる",
                "the card is taken away too early",
            )
            .refused(Failure::CardRemoved)
        },
        Persona {
            mishap: Some(Mishap::ReaderFault),
            ..person(
                19,
                [
                    "故障　剛",
                    "ｺｼｮｳ ﾂﾖｼ",
                    "1",
                    "19720909",
                    "20330909",
                    "47090920331329",
                    "故障県修理市点検町九丁目９番地",
                    "000000000191",
                ],
            )
            .called(
                "reader-fault",
                "カードリーダーの故障",
                "the reader stops working",
            )
            .refused(Failure::ReaderFault)
        },
        Persona {
            mishap: Some(Mishap::NetworkDown),
            ..person(
                20,
                [
                    "断線　直美",
                    "ﾀﾞﾝｾﾝ ﾅｵﾐ",
                    "2",
                    "19670717",
                    "20340717",
                    "42071720342685",
                    "断線県通信市回線町７番地の１７",
                    "000000000205",
                ],
            )
            .called(
                "network-down",
                "医療機関のネットワーク障害",
                "the clinic's network is down",
            )
            .refused(Failure::NetworkDown)
        },
        Persona {
            mishap: Some(Mishap::CentreDown),
            ..person(
                21,
                [
                    "休止　修",
                    "ｷｭｳｼ ｵｻﾑ",
                    "1",
                    "19590119",
                    "20350119",
                    "34011920353174",
                    "休止県停電市保守町１番地の１９",
                    "000000000213",
                ],
            )
            .called(
                "centre-down",
                "資格確認センターの停止",
                "the eligibility centre does not answer",
            )
            .refused(Failure::CentreDown)
        },
        Persona {
            mishap: Some(Mishap::NotEquipped),
            ..person(
                22,
                [
                    "未対応　彩",
                    "ﾐﾀｲｵｳ ｱﾔ",
                    "2",
                    "20001001",
                    "20351001",
                    "12100120354520",
                    "未対応県準備市導入町１０番地の１",
                    "000000000221",
                ],
            )
            .called(
                "not-equipped",
                "オンライン資格確認を導入していない医療機関",
                "the clinic is not equipped for online eligibility",
            )
            .refused(Failure::NotEquipped)
        },
        person(
            23,
            [
                "ＭＩＨＯＮ　ＡＮＮＡ",
                "ﾐﾎﾝ ｱﾝﾅ",
                "2",
                "19910615",
                "20290331",
                "91061520295716",
                "見本県模擬市受付町二丁目１５番地　国際ハイツ３０２号室",
                "000000000230",
            ],
        )
        .called(
            "foreign-resident",
            "在留外国人（照合番号Bの生年が西暦下2桁）",
            "a foreign resident: Western year of birth in the number on the card",
        ),
        Persona {
            body: CardBody::ResidentRegistrationCard,
            term: CertificateTerm::CardExpired,
            ..person(
                24,
                [
                    "昔田　住江",
                    "ﾑｶｼﾀﾞ ｽﾐｴ",
                    "2",
                    "19470420",
                    "20250420",
                    "22042020254873",
                    "昔県台帳市住基町５番地",
                    "000000000248",
                ],
            )
            .called(
                "resident-card",
                "住民基本台帳カード",
                "a resident registration card, the card before My Number",
            )
            .refused(Failure::NotAMyNumberCard)
        },
        Persona {
            body: CardBody::AndroidPhone,
            ..person(
                25,
                [
                    "携帯　走",
                    "ｹｲﾀｲ ｶｹﾙ",
                    "1",
                    "19970318",
                    "20340318",
                    "09031820346145",
                    "携帯県電波市端末町二丁目１４番地",
                    "000000000256",
                ],
            )
            .called(
                "android-phone",
                "スマホ用電子証明書（Android）",
                "an Android phone in place of the card",
            )
            .refused(Failure::PhoneNotAccepted)
        },
        Persona {
            body: CardBody::Iphone,
            ..person(
                26,
                [
                    "電話　りんご",
                    "ﾃﾞﾝﾜ ﾘﾝｺﾞ",
                    "2",
                    "20020828",
                    "20350828",
                    "14082820352291",
                    "携帯県電波市端末町三丁目１６番地",
                    "000000000264",
                ],
            )
            .called(
                "iphone",
                "スマホ用電子証明書（iPhone）",
                "an iPhone in place of the card",
            )
            .refused(Failure::PhoneNotAccepted)
        },
    ]
});
