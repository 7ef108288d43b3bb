//! Every fault at every exchange, and any answer at all: nothing panics, no key
//! stays open unnoticed, every loop ends. `sweep.rs` has many more faults, on the
//! virtual card.

mod card_support;

use card_support::{Chip, Fault, NUMBER_B, PIN, certificate, face};
use card_support::{KIND, card, pin};
use proptest::prelude::*;
use uketsuke::VisitId;
use uketsuke::card::{
    Card, CardFace, Common, Jpki, LastTry, ReferenceNumberB, SecretKind, SignatureInput,
};
use uketsuke::transport::{
    ExtendedLength, Limits, Outgoing, Reset, Transport, TransportError, TransportErrorKind,
};
use zeroize::Zeroizing;

/// A clumsy but honest caller: types each secret once, opens again after a
/// failure, and never gives up early. Returns how often it presented a secret.
fn visit<T: Transport>(card: &mut Card<T>, close: bool) -> usize {
    let mut presented = 0;
    let mut typed = Some(pin(PIN));
    for _ in 0..3 {
        let Ok(mut jpki) = card.open::<Jpki>() else {
            continue;
        };
        let _ = jpki.authentication_certificate(&mut |_| ());
        if let Ok(tries) = jpki.tries_left(KIND)
            && let Ok(budget) = tries.budget(LastTry::Refuse)
            && let Some(pin) = typed.take()
        {
            presented += 1;
            let _ = jpki.verify_pin(pin, budget);
        }
        let _ = jpki.sign_authentication(&SignatureInput::sha256([7; 32]));
        if close {
            let _ = jpki.close();
        }
    }
    let mut typed = Some(ReferenceNumberB::parse(NUMBER_B).unwrap());
    for _ in 0..2 {
        let Ok(mut face) = card.open::<CardFace>() else {
            continue;
        };
        if let Ok(tries) = face.tries_left(SecretKind::ReferenceNumberB)
            && let Ok(budget) = tries.budget(LastTry::Refuse)
            && let Some(number) = typed.take()
        {
            presented += 1;
            if let Ok(right) = face.verify_reference_number_b(number, budget) {
                let _ = face.photo(&right, &mut |_| ());
            }
        }
        if close {
            let _ = face.close();
        }
    }
    if let Ok(mut common) = card.open::<Common>() {
        let _ = common.expiry_hint();
    }
    presented
}

fn faults() -> Vec<Fault> {
    use TransportErrorKind as K;
    let kinds = [
        K::NoCard,
        K::Mute,
        K::CardRemoved,
        K::CardReset,
        K::ReaderGone,
        K::HeldByAnother,
        K::ServiceUnavailable,
        K::TimedOut,
        K::Cancelled,
        K::AnswerCut,
        K::Unsupported,
        K::InvalidCommand,
        K::Fault(0x8010_0016),
    ];
    let mut faults = vec![
        Fault::Cut(0),
        Fault::Cut(1),
        Fault::Cut(2),
        Fault::Status(0x6F00),
    ];
    faults.extend([0x6100, 0x6C00, 0x6982, 0x6984, 0x9000, 0x63C1].map(Fault::Status));
    for kind in kinds {
        faults.extend([
            Fault::Before(kind, false),
            Fault::Before(kind, true),
            Fault::After(kind),
        ]);
    }
    faults
}

#[test]
fn no_fault_at_any_exchange_spends_a_second_try_or_leaves_a_key_open() {
    let mut cases = 0;
    for short in [true, false] {
        for close in [true, false] {
            let chip = || {
                if short {
                    Chip::short_only()
                } else {
                    Chip::new()
                }
            };
            let (untouched, mut whole) = card(chip());
            assert_eq!(visit(&mut whole, close), 2);
            let exchanges = untouched.sent();
            for at in 0..exchanges {
                for fault in faults() {
                    let (chip, mut card) = card(chip());
                    chip.with(|chip| chip.faults.insert(at, fault));
                    let presented = visit(&mut card, close);
                    let case = format!("{fault:?} at {at}");
                    let verifies = chip.with(|chip| chip.verifies());
                    assert!(verifies.len() <= presented, "{case}");
                    let pins = verifies.iter().filter(|v| v[3] == 0x98).count();
                    assert!(pins <= 1 && verifies.len() - pins <= 1, "{case}");
                    let open = chip.with(|chip| chip.is_open());
                    assert!(card.is_dirty() || !open, "{case}: an open key unnoticed");
                    assert!(card.release().is_ok(), "{case}");
                    chip.with(|chip| {
                        assert!(!chip.is_open(), "{case}: a key stays open");
                        assert_eq!(chip.bursts, 0, "{case}");
                        assert!(chip.resets.iter().all(|how| *how == Reset::PowerOff));
                    });
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 3_000, "{cases}");
}

// ---- any answers -------------------------------------------------------

/// Gives what it was told, then refuses everything.
struct Arbitrary {
    answers: std::vec::IntoIter<Result<Vec<u8>, (u8, bool)>>,
    sent: usize,
    secrets: usize,
}

impl Transport for &mut Arbitrary {
    fn transmit(&mut self, command: Outgoing<'_>) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        self.sent += 1;
        let bytes = command.bytes();
        assert!(bytes.len() >= 4, "not a command");
        self.secrets += usize::from(bytes[1] == 0x20 && bytes.len() > 4);
        match self.answers.next() {
            Some(Ok(answer)) => Ok(Zeroizing::new(answer)),
            Some(Err((kind, unknown))) => {
                use TransportErrorKind as K;
                let kinds = [
                    K::CardReset,
                    K::CardRemoved,
                    K::TimedOut,
                    K::Unsupported,
                    K::Fault(1),
                ];
                Err(TransportError::new(
                    kinds[usize::from(kind) % kinds.len()],
                    unknown,
                ))
            }
            None => Ok(Zeroizing::new(vec![0x6F, 0x00])),
        }
    }
    fn limits(&self) -> Limits {
        Limits {
            extended: ExtendedLength::Unknown,
            max_response: 65_538,
        }
    }
    fn reset(&mut self, _: Reset) -> Result<(), TransportError> {
        Ok(())
    }
}

fn answer() -> impl Strategy<Value = Result<Vec<u8>, (u8, bool)>> {
    let status = prop_oneof![
        6 => Just(0x9000u16),
        2 => 0x63C0..=0x63CFu16,
        1 => 0x6100..=0x61FFu16,
        1 => 0x6C00..=0x6CFFu16,
        1 => any::<u16>(),
    ];
    let data = prop_oneof![
        4 => Just(vec![]),
        1 => Just(certificate(600, 40)),
        1 => Just(certificate(1584, 40)[..256].to_vec()),
        1 => Just(face(&[0xDF, 0x27, 0x02, 1, 2])[..26].to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
        1 => proptest::collection::vec(any::<u8>(), 250..260),
    ];
    prop_oneof![
        8 => (data, status).prop_map(|(mut data, status)| {
            data.extend(status.to_be_bytes());
            Ok(data)
        }),
        1 => proptest::collection::vec(any::<u8>(), 0..6).prop_map(Ok),
        1 => (any::<u8>(), any::<bool>()).prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_answers_end_and_spend_nothing(
        answers in proptest::collection::vec(answer(), 0..60),
        close in any::<bool>(),
    ) {
        let given = answers.len();
        let mut link = Arbitrary { answers: answers.into_iter(), sent: 0, secrets: 0 };
        let mut card = Card::new(&mut link, VisitId::begin());
        let presented = visit(&mut card, close);
        drop(card);
        prop_assert!(link.secrets <= presented);
        // Once the answers are used up each call ends at its first refusal.
        prop_assert!(link.sent <= given + 40, "{} for {given}", link.sent);
    }
}
