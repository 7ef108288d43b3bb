//! The table "The most that a card can make of it" of `uketsuke::card`, held
//! against a card that does all it can to make a call last.

mod hostile_budget_support;
mod sweep_support;

use hostile_budget_support::memory::Counting;
use hostile_budget_support::{Greedy, Move};
use proptest::prelude::*;
use sweep_support::{INPUT_PIN, PASSWORD, PIN, persona};
use uketsuke::VisitId;
use uketsuke::card::*;
use uketsuke::simulation::{CardOptions, VirtualCard};
use uketsuke::transport::Transport;

#[global_allocator]
static MEMORY: Counting = Counting;

/// One answer more may come and be refused, of at most so many bytes.
const ONE_ANSWER: usize = 65_536;

/// Most bytes that a call holds at once: an answer as it came, the same as it
/// was collected, and the longest file.
const HELD: usize = 2 * 65_536 + 49_152;

struct Call {
    name: &'static str,
    exchanges: usize,
    bytes: usize,
    /// What files claim to be long, just under what is read of them.
    claims: u16,
    run: fn(&mut Card<Greedy>, &Greedy),
}

fn budget<T: Transport, A: Application>(
    opened: &mut Opened<'_, T, A>,
    kind: SecretKind,
) -> TryBudget {
    let tries = opened.tries_left(kind).unwrap();
    tries.budget(LastTry::Refuse).unwrap()
}

fn digest() -> SignatureInput {
    SignatureInput::sha256([7; 32])
}

fn nothing(_: Progress) {}

/// A call of an application that was opened honestly.
macro_rules! free {
    ($application:ty, |$opened:ident| $call:expr) => {
        |card, link| {
            let mut $opened = card.open::<$application>().unwrap();
            link.begin();
            let _ = $call;
        }
    };
}

/// The same after PIN or password.
macro_rules! jpki {
    ($verify:ident, $secret:ident, $value:expr, |$opened:ident, $right:ident| $call:expr) => {
        |card, link| {
            let mut $opened = card.open::<Jpki>().unwrap();
            let budget = budget(&mut $opened, SecretKind::$secret);
            let value = $secret::parse($value).unwrap();
            #[allow(unused_variables)]
            let $right = $opened.$verify(value, budget).unwrap();
            link.begin();
            let _ = $call;
        }
    };
}

/// The same after 照合番号B.
macro_rules! face {
    (|$opened:ident, $right:ident| $call:expr) => {
        |card, link| {
            let mut $opened = card.open::<CardFace>().unwrap();
            let budget = budget(&mut $opened, SecretKind::ReferenceNumberB);
            let number = ReferenceNumberB::parse(persona().reference_number_b).unwrap();
            let $right = $opened.verify_reference_number_b(number, budget).unwrap();
            link.begin();
            let _ = $call;
        }
    };
}

/// The same after the input PIN.
macro_rules! input {
    (|$opened:ident, $right:ident| $call:expr) => {
        |card, link| {
            let mut $opened = card.open::<InputSupport>().unwrap();
            let budget = budget(&mut $opened, SecretKind::InputPin);
            let pin = InputPin::parse(INPUT_PIN).unwrap();
            let $right = $opened.verify_input_pin(pin, budget).unwrap();
            link.begin();
            let _ = $call;
        }
    };
}

/// The same after 照合番号A.
#[cfg(feature = "my-number")]
macro_rules! number {
    ($application:ty, |$opened:ident, $right:ident| $call:expr) => {
        |card, link| {
            let mut $opened = card.open::<$application>().unwrap();
            let budget = budget(&mut $opened, SecretKind::ReferenceNumberA);
            let number = ReferenceNumberA::parse(persona().my_number).unwrap();
            let $right = $opened.verify_reference_number_a(number, budget).unwrap();
            link.begin();
            let _ = $call;
        }
    };
}

const CALLS: &[Call] = &[
    call("open", 16, 1_024, 0, |card, link| {
        link.begin();
        let _ = card.open::<Jpki>();
    }),
    call(
        "close",
        8,
        512,
        0,
        jpki!(verify_pin, AuthPin, PIN, |jpki, right| jpki.close()),
    ),
    call(
        "tries left",
        1,
        0,
        0,
        free!(Jpki, |jpki| jpki.tries_left(SecretKind::AuthPin)),
    ),
    call("verify", 1, 0, 0, |card, link| {
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki, SecretKind::AuthPin);
        link.begin();
        let _ = jpki.verify_pin(AuthPin::parse(PIN).unwrap(), budget);
    }),
    call(
        "raw",
        1,
        65_536,
        0,
        free!(Jpki, |jpki| jpki.raw(&[0x80, 0xFA, 0x00, 0x00])),
    ),
    call(
        "signature",
        8,
        512,
        0,
        jpki!(verify_pin, AuthPin, PIN, |jpki, right| jpki
            .sign_authentication(&digest())),
    ),
    call(
        "signing key",
        8,
        512,
        0,
        jpki!(
            verify_sign_password,
            SignPassword,
            PASSWORD,
            |jpki, right| { jpki.sign_with_signing_key(&right, &digest()) }
        ),
    ),
    call(
        "live signature",
        8,
        512,
        0,
        free!(CardFace, |face| face.sign_live(&digest())),
    ),
    call(
        "change",
        9,
        512,
        0,
        jpki!(verify_pin, AuthPin, PIN, |jpki, right| jpki
            .change_pin(right, AuthPin::parse("4321").unwrap())),
    ),
    call(
        "certificate",
        80,
        73_728,
        8_188,
        free!(Jpki, |jpki| jpki.authentication_certificate(&mut nothing)),
    ),
    call(
        "CA certificate",
        80,
        73_728,
        8_188,
        free!(Jpki, |jpki| jpki.signing_ca_certificate(&mut nothing)),
    ),
    call(
        "signing certificate",
        80,
        73_728,
        8_188,
        jpki!(
            verify_sign_password,
            SignPassword,
            PASSWORD,
            |jpki, right| { jpki.signing_certificate(&right, &mut nothing) }
        ),
    ),
    call("token", 18, 65_696, 0, free!(Jpki, |jpki| jpki.token())),
    call(
        "token information",
        18,
        65_696,
        0,
        free!(Jpki, |jpki| jpki.token_information()),
    ),
    call(
        "flags",
        18,
        65_539,
        0,
        free!(Jpki, |jpki| jpki.certificates_present()),
    ),
    call(
        "issuer",
        32,
        67_584,
        2_043,
        free!(CardFace, |face| face.issuer_certificate(&mut nothing)),
    ),
    call(
        "basic information",
        24,
        66_560,
        1_019,
        free!(CardFace, |face| face.basic_information(&mut nothing)),
    ),
    call("age record", 32, 67_584, 2_043, |card, link| {
        let mut face = card.open::<CardFace>().unwrap();
        let budget = budget(&mut face, SecretKind::BirthDate);
        let key = BirthDateKey::parse(&persona().reference_number_b[..6]).unwrap();
        let right = face.verify_birth_date(key, budget).unwrap();
        link.begin();
        let _ = face.age_record(&right, &mut nothing);
    }),
    call(
        "photo",
        418,
        180_320,
        49_000,
        face!(|face, right| face.photo(&right, &mut nothing)),
    ),
    call(
        "signed photo",
        418,
        180_320,
        49_000,
        face!(|face, right| face.signed_photo(&right, &mut nothing)),
    ),
    call(
        "whole face",
        418,
        180_320,
        49_000,
        face!(|face, right| face.face(&right, &mut nothing)),
    ),
    call(
        "picture",
        418,
        180_320,
        49_000,
        face!(|face, right| face.image(FaceImage::Address, &right, &mut nothing)),
    ),
    call(
        "face expiry",
        418,
        180_320,
        49_000,
        face!(|face, right| face.expiry_hint(&right)),
    ),
    call(
        "photo with key",
        422,
        180_832,
        49_000,
        face!(|face, right| face.signed_photo_with_key(&right, &mut nothing)),
    ),
    call(
        "key record",
        22,
        66_144,
        400,
        face!(|face, right| face.card_key_record(&right)),
    ),
    call(
        "attributes",
        48,
        69_632,
        4_091,
        input!(|input, right| input.attributes(&right, &mut nothing)),
    ),
    call(
        "signed attributes",
        72,
        136_192,
        4_091,
        input!(|input, right| input.signed_attributes(&right, &mut nothing)),
    ),
    call(
        "serial record",
        8,
        512,
        0,
        free!(Common, |common| common.serial_record()),
    ),
    call(
        "expiry hint",
        8,
        512,
        0,
        free!(Common, |common| common.expiry_hint()),
    ),
    #[cfg(feature = "my-number")]
    call(
        "my number",
        18,
        65_600,
        60,
        number!(InputSupport, |input, right| input.my_number(&right)),
    ),
    #[cfg(feature = "my-number")]
    call(
        "my number's picture",
        48,
        69_632,
        4_091,
        number!(CardFace, |face, right| face
            .my_number_image(&right, &mut nothing)),
    ),
    call("data object", 24, 8_704, 0, |card, link| {
        link.begin();
        let _ = card.data_object(DataObject::Certificate7F21);
    }),
];

const fn call(
    name: &'static str,
    exchanges: usize,
    bytes: usize,
    claims: u16,
    run: fn(&mut Card<Greedy>, &Greedy),
) -> Call {
    Call {
        name,
        exchanges,
        bytes,
        claims,
        run,
    }
}

/// Exchanges, bytes of answers, bytes held, each at most.
type Reached = (usize, usize, usize);

fn hold(call: &Call, moves: &[Move]) -> Reached {
    let card = VirtualCard::new(persona(), CardOptions::default(), sweep_support::now());
    let link = Greedy::new(card);
    link.0.claims.set(call.claims);
    link.0.far.set(match call.name {
        "key record" => 3,
        "picture" => 5,
        "face expiry" => 8,
        _ => 6,
    });
    *link.0.moves.borrow_mut() = moves.to_vec();
    let mut card = Card::new(link.clone(), VisitId::begin());
    (call.run)(&mut card, &link);
    let (exchanges, bytes, held) = link.end();
    drop(card);
    let name = call.name;
    let most = call.exchanges;
    assert!(
        exchanges <= most,
        "{name}: {exchanges} exchanges, {moves:?}"
    );
    let most = call.bytes + ONE_ANSWER;
    assert!(bytes <= most, "{name}: {bytes} bytes, {moves:?}");
    assert!(held <= HELD, "{name}: {held} bytes held, {moves:?}");
    (exchanges, bytes, held)
}

fn moves() -> Vec<Move> {
    let mut moves = vec![Move::Count(3), Move::Status(0x6282), Move::Status(0x6F00)];
    moves.extend([0, 1, 64, 256].map(|n| Move::More(n, 0)));
    moves.extend([0, 1, 255].map(Move::Correct));
    moves.extend([0, 1, 256, 65_536].map(Move::Nonsense));
    moves.extend([1, 31, 128, 255, 256, 65_536].map(Move::File));
    moves.extend([1, 256].map(|n| Move::FileAndMore(n, 1)));
    moves
}

/// Every move for ever, and every two in turn, with and without a good beginning.
#[test]
fn no_greedy_card_gets_more_than_the_table_says() {
    for call in CALLS {
        let (mut cases, mut most) = (0, (0, 0, 0));
        for first in moves() {
            for second in moves() {
                for moves in [&[first, second][..], &[Move::File(256), first, second]] {
                    let reached = hold(call, moves);
                    most.0 = reached.0.max(most.0);
                    most.1 = reached.1.max(most.1);
                    most.2 = reached.2.max(most.2);
                    cases += 1;
                }
            }
        }
        eprintln!(
            "{:<20} {cases} cards: {} of {} exchanges, {} of {} bytes, {} held",
            call.name, most.0, call.exchanges, most.1, call.bytes, most.2
        );
        // The bound isn't far from what such a card reaches.
        assert!(most.0 * 3 >= call.exchanges, "{}: {most:?}", call.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Moves in any order.
    #[test]
    fn no_card_at_all_gets_more(
        order in proptest::collection::vec(any::<prop::sample::Index>(), 1..40),
    ) {
        let moves = moves();
        let chosen: Vec<Move> = order.iter().map(|index| *index.get(&moves)).collect();
        for call in CALLS {
            hold(call, &chosen);
        }
    }
}
