//! A whole session with a card that answers anything: nothing panics, every loop ends, and a secret leaves at most once for each
//! time that it was presented.
//!
//! Input: flags (1 byte), number of steps (1), the steps (1 each), then the card's answers, each with its length (2).
//! An answer of length zero is a link that breaks. At the end of the answers the link breaks too, or the last answer is given
//! for ever, so that only the library's own budgets end the session.

#![no_main]

use std::{cell::Cell, rc::Rc};

use libfuzzer_sys::fuzz_target;
use uketsuke::{
    VisitId,
    card::{
        AuthPin, Card, CardFace, Common, DataObject, InputPin, InputSupport, Jpki, LastTry, Opened,
        ReferenceNumberB, SecretKind, SignPassword, SignatureInput,
    },
    transport::{
        ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
    },
};
use zeroize::Zeroizing;

/// More than any session of fifteen steps: the longest opens the card face and reads the largest photo from a card that drips.
const MOST_EXCHANGES: u32 = 15 * 500;

fuzz_target!(|input: &[u8]| {
    let [flags, count, rest @ ..] = input else {
        return;
    };
    let Some((steps, answers)) = rest.split_at_checked(usize::from(*count % 16)) else {
        return;
    };
    let secrets = Rc::new(Cell::new(0));
    let link = Replay {
        answers: answers.to_vec(),
        at: 0,
        last: Vec::new(),
        flags: *flags,
        exchanges: 0,
        secrets: Rc::clone(&secrets),
    };
    let mut card = Card::new(link, VisitId::begin());
    let mut presented = 0;
    for step in steps {
        match step % 8 {
            0 => drop(
                card.open::<Jpki>()
                    .map(|opened| jpki(opened, *step, &mut presented)),
            ),
            1 => drop(
                card.open::<CardFace>()
                    .map(|opened| face(opened, *step, &mut presented)),
            ),
            2 => drop(card.open::<Common>().map(|mut opened| opened.expiry_hint())),
            3 => drop(card.open::<Jpki>().map(Opened::close)),
            4 => drop(
                card.open::<InputSupport>()
                    .map(|opened| input_support(opened, *step, &mut presented)),
            ),
            5 => drop(
                card.open::<Jpki>()
                    .map(|opened| signing(opened, *step, &mut presented)),
            ),
            6 => {
                let all = DataObject::ALL;
                drop(card.data_object(all[usize::from(*step >> 3) % all.len()]));
            }
            _ => drop(card.open::<Jpki>().map(|mut opened| {
                (
                    opened.token(),
                    opened.token_information(),
                    opened.certificates_present(),
                    opened.authentication_ca_certificate(&mut |_| ()),
                    opened.signing_ca_certificate(&mut |_| ()),
                )
            })),
        }
        assert!(
            secrets.get() <= presented,
            "a secret left more often than it was presented"
        );
    }
    drop(card.release());
    assert!(secrets.get() <= presented);
});

fn jpki(mut opened: Opened<'_, Replay, Jpki>, step: u8, presented: &mut u32) {
    if step & 0x10 != 0 {
        let left = opened.tries_left(SecretKind::AuthPin);
        if let Ok(budget) = left
            .map_err(drop)
            .and_then(|left| left.budget(LastTry::Allow).map_err(drop))
        {
            *presented += 1;
            let pin = AuthPin::parse("1357").expect("four digits");
            drop(opened.verify_pin(pin, budget));
        }
    }
    if step & 0x20 != 0 {
        drop(opened.authentication_certificate(&mut |_| ()));
    }
    if step & 0x40 != 0 {
        drop(opened.sign_authentication(&SignatureInput::sha256([7; 32])));
    }
    if step & 0x80 != 0 {
        drop(opened.close());
    }
}

fn face(mut opened: Opened<'_, Replay, CardFace>, step: u8, presented: &mut u32) {
    let left = opened.tries_left(SecretKind::ReferenceNumberB);
    if let Ok(budget) = left
        .map_err(drop)
        .and_then(|left| left.budget(LastTry::Refuse).map_err(drop))
    {
        *presented += 1;
        let number = ReferenceNumberB::parse("55021720352285").expect("fourteen digits");
        if let Ok(right) = opened.verify_reference_number_b(number, budget) {
            drop(opened.photo(&right, &mut |_| ()));
        }
    }
    if step & 0x80 != 0 {
        drop(opened.close());
    }
}

fn input_support(mut opened: Opened<'_, Replay, InputSupport>, step: u8, presented: &mut u32) {
    if step & 0x10 != 0 {
        drop(opened.issuer_certificate(&mut |_| ()));
        drop(opened.basic_information(&mut |_| ()));
    }
    let left = opened.tries_left(SecretKind::InputPin);
    if let Ok(budget) = left
        .map_err(drop)
        .and_then(|left| left.budget(LastTry::Refuse).map_err(drop))
    {
        *presented += 1;
        let pin = InputPin::parse("2468").expect("four digits");
        if let Ok(right) = opened.verify_input_pin(pin, budget) {
            drop(opened.signed_attributes(&right, &mut |_| ()));
            if step & 0x20 != 0 {
                let new = InputPin::parse("8642").expect("four digits");
                drop(opened.change_input_pin(right, new));
            }
        }
    }
    if step & 0x80 != 0 {
        drop(opened.close());
    }
}

fn signing(mut opened: Opened<'_, Replay, Jpki>, step: u8, presented: &mut u32) {
    let left = opened.tries_left(SecretKind::SignPassword);
    if let Ok(budget) = left
        .map_err(drop)
        .and_then(|left| left.budget(LastTry::Refuse).map_err(drop))
    {
        *presented += 1;
        let password = SignPassword::parse("ABC123").expect("a password");
        if let Ok(right) = opened.verify_sign_password(password, budget) {
            drop(opened.signing_certificate(&right, &mut |_| ()));
            let input = SignatureInput::sha256_pss([7; 32]);
            drop(opened.sign_with_signing_key(&right, &input));
            if step & 0x20 != 0 {
                let new = SignPassword::parse("NEW456").expect("a password");
                drop(opened.change_sign_password(right, new));
            }
        }
    }
    if step & 0x80 != 0 {
        drop(opened.close());
    }
}

struct Replay {
    answers: Vec<u8>,
    at: usize,
    last: Vec<u8>,
    flags: u8,
    exchanges: u32,
    secrets: Rc<Cell<u32>>,
}

impl Transport for Replay {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.exchanges += 1;
        assert!(
            self.exchanges <= MOST_EXCHANGES,
            "the card keeps us busy for ever"
        );
        // VERIFY with data; four or five bytes ask for the count.
        if command.bytes()[1] == 0x20 && command.bytes().len() > 5 {
            self.secrets.set(self.secrets.get() + 1);
        }
        let broken = TransportError::new(TransportErrorKind::CardRemoved, true);
        if let Some([high, low, rest @ ..]) = self.answers.get(self.at..) {
            let len = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
            self.last = rest[..len].to_vec();
            self.at += 2 + len;
        } else if self.flags & 16 == 0 {
            return Err(broken);
        }
        if self.last.is_empty() {
            Err(broken)
        } else {
            Ok(Zeroizing::new(self.last.clone()))
        }
    }

    fn limits(&self) -> Limits {
        let extended = match self.flags & 3 {
            0 => ExtendedLength::No,
            1 => ExtendedLength::Yes,
            _ => ExtendedLength::Unknown,
        };
        Limits {
            extended,
            max_response: 65_538,
        }
    }

    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        if self.flags & 4 != 0 && self.at % 2 == 1 {
            return Err(TransportError::new(TransportErrorKind::ReaderGone, false));
        }
        Ok(())
    }

    fn is_shared(&self) -> bool {
        self.flags & 8 != 0
    }
}
