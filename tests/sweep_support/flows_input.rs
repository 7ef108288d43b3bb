//! What a program does with the input support application, the serial record
//! and the card's own data objects.

use uketsuke::Realms;
use uketsuke::card::{
    Card, CardError, Common, DataObject, InputPin, InputPinVerified, InputSupport, Opened,
    ReferenceNumberB, ReferenceVerified, SecretKind, Sex, SignedAttributes, VerifyError,
};
use uketsuke::transport::Transport;
use uketsuke::trust::{CvRoots, IssuedAttributes, IssuerKey};

use super::caller::{Caller, Claim};

fn present_pin<T: Transport>(
    input: &mut Opened<'_, T, InputSupport>,
    caller: &mut Caller,
) -> Option<InputPinVerified> {
    while caller.waiting("input-pin") {
        let tries = input.tries_left(SecretKind::InputPin).ok()?;
        let budget = tries.budget(caller.last).ok()?;
        let pin = InputPin::parse(&caller.next("input-pin")?).unwrap();
        match input.verify_input_pin(pin, budget) {
            Ok(right) => {
                caller.claims.push(Claim::Accepted("input-pin"));
                return Some(right);
            }
            Err(VerifyError::Wrong { .. } | VerifyError::AlreadyRefused { .. }) => {}
            Err(_) => return None,
        }
    }
    None
}

fn present_b<T: Transport>(
    input: &mut Opened<'_, T, InputSupport>,
    caller: &mut Caller,
) -> Option<ReferenceVerified> {
    while caller.waiting("input-b") {
        let tries = input.tries_left(SecretKind::ReferenceNumberB).ok()?;
        let budget = tries.budget(caller.last).ok()?;
        let number = ReferenceNumberB::parse(&caller.next("input-b")?).unwrap();
        match input.verify_reference_number_b(number, budget) {
            Ok(right) => {
                caller.claims.push(Claim::Accepted("input-b"));
                return Some(right);
            }
            Err(VerifyError::Wrong { .. } | VerifyError::AlreadyRefused { .. }) => {}
            Err(_) => return None,
        }
    }
    None
}

fn issuer<T: Transport>(input: &mut Opened<'_, T, InputSupport>) -> Option<IssuerKey> {
    let certificate = input.issuer_certificate(&mut |_| ()).ok()?;
    CvRoots::simulation()
        .validate(&certificate, Realms::simulation())
        .ok()
}

fn believe(
    read: Result<SignedAttributes, CardError>,
    issuer: &IssuerKey,
    caller: &mut Caller,
) -> Option<()> {
    let issued = IssuedAttributes::verify(read.ok()?, issuer).ok()?;
    caller.proved("name", issued.name().as_bytes());
    caller.proved("address", issued.address().as_bytes());
    caller.proved("birth date", issued.birth_date().as_str().as_bytes());
    caller.proved("sex", &[u8::from(issued.sex() == Sex::Female)]);
    Some(())
}

/// The four attributes by PIN, proved.
pub fn by_pin<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut input = card.open::<InputSupport>().ok()?;
    let issuer = issuer(&mut input)?;
    let right = present_pin(&mut input, caller)?;
    let read = input.signed_attributes(&right, &mut |_| ());
    believe(read, &issuer, caller)?;
    caller.leave(input)
}

/// The four attributes by 照合番号B, proved; and once more without proof.
pub fn by_number<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut input = card.open::<InputSupport>().ok()?;
    let issuer = issuer(&mut input)?;
    let right = present_b(&mut input, caller)?;
    let read = input.signed_attributes(&right, &mut |_| ());
    believe(read, &issuer, caller)?;
    let read = input.attributes(&right, &mut |_| ()).ok()?;
    caller.unproved("name", read.name().as_bytes());
    caller.leave(input)
}

/// The PIN of this application is typed on the reader, and opens the four
/// attributes.
pub fn keypad<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut input = card.open::<InputSupport>().ok()?;
    let right = loop {
        let tries = input.tries_left(SecretKind::InputPin).ok()?;
        let budget = tries.budget(caller.last).ok()?;
        match input.verify_input_pin_on_keypad(budget) {
            Ok(right) => break right,
            Err(VerifyError::Wrong { .. }) => {}
            Err(_) => return None,
        }
    };
    caller.claims.push(Claim::Accepted("input-pin"));
    let read = input.attributes(&right, &mut |_| ()).ok()?;
    caller.unproved("name", read.name().as_bytes());
    caller.leave(input)
}

/// The PIN of this application is changed.
pub fn change_pin<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut input = card.open::<InputSupport>().ok()?;
    let proof = present_pin(&mut input, caller)?;
    let new = caller.next_as("input-pin", "input-new")?;
    match input.change_input_pin(proof, InputPin::parse(&new).unwrap()) {
        Ok(()) => caller.claims.push(Claim::Holds("input-pin", new)),
        Err(error) => {
            if error.old_value_holds() {
                let old = super::INPUT_PIN.to_owned();
                caller.claims.push(Claim::Holds("input-pin", old));
            }
            return None;
        }
    }
    caller.leave(input)
}

/// What is free: the serial record, and what the card itself says.
pub fn free_data<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    let mut common = card.open::<Common>().ok()?;
    let record = common.serial_record().ok()?;
    caller.unproved("serial", record.serial().as_bytes());
    caller.leave(common)?;
    for object in DataObject::ALL {
        let data = card.data_object(object).ok()?;
        caller.unproved("data", data.bytes());
    }
    Some(())
}

/// The My Number by 照合番号A, and its picture proved to be issued.
#[cfg(feature = "my-number")]
pub fn my_number<T: Transport>(card: &mut Card<T>, caller: &mut Caller) -> Option<()> {
    use uketsuke::card::{CardFace, ReferenceNumberA};
    use uketsuke::trust::IssuedMyNumberImage;

    let kind = SecretKind::ReferenceNumberA;
    let mut input = card.open::<InputSupport>().ok()?;
    let budget = input.tries_left(kind).ok()?.budget(caller.last).ok()?;
    let number = ReferenceNumberA::parse(&caller.next("input-a")?).unwrap();
    let right = input.verify_reference_number_a(number, budget).ok()?;
    caller.claims.push(Claim::Accepted("input-a"));
    let read = input.my_number(&right).ok()?;
    caller.unproved("my number", read.digits().as_bytes());
    caller.leave(input)?;
    let mut face = card.open::<CardFace>().ok()?;
    let certificate = face.issuer_certificate(&mut |_| ()).ok()?;
    let issuer = CvRoots::simulation();
    let issuer = issuer.validate(&certificate, Realms::simulation()).ok()?;
    let budget = face.tries_left(kind).ok()?.budget(caller.last).ok()?;
    let number = ReferenceNumberA::parse(&caller.next("face-a")?).unwrap();
    let right = face.verify_reference_number_a(number, budget).ok()?;
    caller.claims.push(Claim::Accepted("face-a"));
    let image = face.my_number_image(&right, &mut |_| ()).ok()?;
    let image = IssuedMyNumberImage::verify(image, &issuer).ok()?;
    caller.proved("my number", image.png());
    caller.leave(face)
}
