//! Somebody else uses tries of the PIN between the reading of the card and the typing: what was
//! read first counts no more, and nothing is presented on the strength of it.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use support::{Case, Script};
use uketsuke::checkin::{AuditEvent, CardFaceTrouble, Method, Screen};
use uketsuke::eligibility::Failure;
use uketsuke::simulation::VirtualReader;

/// What the card says of its tries, from the second time on that it is asked; and how many
/// PINs reach it.
fn reader(meanwhile: [u8; 2], verify: Option<[u8; 2]>) -> (VirtualReader, Arc<AtomicUsize>) {
    let presented = Arc::new(AtomicUsize::new(0));
    let (seen, mut asked) = (presented.clone(), 0);
    let reader = VirtualReader::new().with_hook(move |_, command, answer| {
        if command.get(1) != Some(&0x20) {
            return;
        }
        if command.len() == 4 {
            asked += 1;
            if asked > 1 {
                *answer = meanwhile.to_vec();
            }
        } else {
            seen.fetch_add(1, Ordering::Relaxed);
            if let Some(verify) = verify {
                *answer = verify.to_vec();
            }
        }
    });
    (reader, presented)
}

#[test]
fn where_one_is_left_it_is_asked_for_first() {
    for (use_last_try, failure, times) in
        [(false, Some(Failure::LastTryDeclined), 0), (true, None, 1)]
    {
        let (reader, presented) = reader([0x63, 0xC1], None);
        let script = Script {
            pins: vec!["1234", "1234"],
            use_last_try,
            ..Script::default()
        };
        let case = Case {
            reader,
            with_parts: false,
            ..Case::of("in-order").script(script)
        };
        let (outcome, desk) = case.run();
        assert_eq!(outcome.failure(), failure);
        assert_eq!(presented.load(Ordering::Relaxed), times);
        let asked: Vec<_> = desk
            .screens
            .iter()
            .filter(|screen| matches!(screen.name(), "enter-pin" | "last-try"))
            .map(Screen::name)
            .collect();
        let expected = ["enter-pin", "last-try", "enter-pin"];
        assert_eq!(asked, expected[..2 + times]);
    }
}

#[test]
fn where_none_is_left_the_pin_is_offered_no_more() {
    for word in [[0x63, 0xC0], [0x69, 0x84], [0x69, 0x83]] {
        for with_parts in [false, true] {
            let (reader, presented) = reader(word, None);
            let case = Case {
                reader,
                with_parts,
                ..Case::of("in-order")
            };
            let (outcome, desk) = case.run();
            assert_eq!(outcome.failure(), Some(Failure::PinLocked), "{word:x?}");
            assert_eq!(presented.load(Ordering::Relaxed), 0);
            let offered: Vec<_> = desk
                .screens
                .iter()
                .filter_map(|screen| match screen {
                    Screen::ChooseMethod { pin_tries_left, .. } => Some(*pin_tries_left),
                    _ => None,
                })
                .collect();
            let expected = [Some(3), None];
            assert_eq!(offered, expected[..1 + usize::from(with_parts)]);
        }
    }
}

/// An answer that doesn't say whether it counted: the next count says it, in another visit.
#[test]
fn where_the_answer_says_nothing_the_visit_ends() {
    for word in [[0x65, 0x81], [0x6F, 0x00], [0x62, 0x00]] {
        let (reader, presented) = reader([0x63, 0xC3], Some(word));
        let script = Script {
            pins: vec!["9999", "1234"],
            ..Script::default()
        };
        let case = Case {
            reader,
            ..Case::of("in-order").script(script)
        };
        let (outcome, desk) = case.run();
        assert_eq!(
            outcome.failure(),
            Some(Failure::PinOutcomeUnknown),
            "{word:x?}"
        );
        assert_eq!(presented.load(Ordering::Relaxed), 1);
        let unknown = |event: &AuditEvent| matches!(event, AuditEvent::TryUnknown);
        assert!(desk.records.iter().any(|record| unknown(&record.event)));
    }
}

/// 照合番号B as it was read off the card is refused: the card counts that, so it isn't read again,
/// and the face is offered no more.
#[test]
fn where_the_reference_number_is_refused_the_face_is_offered_no_more() {
    let presented = Arc::new(AtomicUsize::new(0));
    let seen = presented.clone();
    let reader = VirtualReader::new().with_hook(move |_, command, answer| {
        if command.get(1) == Some(&0x20) && command.len() > 4 {
            seen.fetch_add(1, Ordering::Relaxed);
            *answer = vec![0x63, 0xC9];
        }
    });
    let script = Script {
        method: Method::Face,
        ..Script::default()
    };
    let case = Case {
        reader,
        ..Case::of("in-order").script(script)
    };
    let (outcome, desk) = case.run();
    assert_eq!(outcome.failure(), Some(Failure::FaceUnavailable));
    assert_eq!(presented.load(Ordering::Relaxed), 1);
    let offered: Vec<_> = desk
        .screens
        .iter()
        .filter_map(|screen| match screen {
            Screen::ChooseMethod { face, .. } => Some(*face),
            Screen::CardFaceUnreadable {
                why: CardFaceTrouble::Refused,
                again,
                ..
            } => Some(*again),
            _ => None,
        })
        .collect();
    assert_eq!(offered, [true, false]);
}
