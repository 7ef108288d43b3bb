//! What was refused belongs to the visit, not to one connection of its card.
//!
//! In a file of its own: the process remembers the latest visits, and other
//! tests begin thousands.

mod card_support;

use card_support::{Chip, Fault, KIND, PIN, budget, pin};
use uketsuke::VisitId;
use uketsuke::card::{Card, Jpki, VerifyError};
use uketsuke::transport::TransportErrorKind;

/// Released and taken anew, connected again, or two cards in turn: what was
/// refused belongs to the visit.
#[test]
fn a_refused_value_is_not_sent_again_in_the_same_visit() {
    let visit = VisitId::begin();
    let (chip, link) = Chip::new().share();
    let present = |visit, typed: &str| {
        let mut card = Card::new(link.clone(), visit);
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki);
        let result = jpki.verify_pin(pin(typed), budget);
        jpki.close().unwrap();
        card.release().unwrap();
        result.map(drop)
    };
    assert!(matches!(
        present(visit, "0001"),
        Err(VerifyError::Wrong { left: 2, .. })
    ));
    for _ in 0..3 {
        assert_eq!(
            present(visit, "0001"),
            Err(VerifyError::AlreadyRefused { kind: KIND })
        );
    }
    assert_eq!(
        chip.with(|chip| (chip.verifies().len(), chip.pin_tries)),
        (1, 2)
    );
    assert_eq!(present(visit, PIN), Ok(()));
    // It may be another person's.
    assert!(matches!(
        present(VisitId::begin(), "0001"),
        Err(VerifyError::Wrong { left: 2, .. })
    ));
}

#[test]
fn a_lost_refusal_is_found_out_by_another_card_of_the_visit() {
    let visit = VisitId::begin();
    let (chip, link) = Chip::new().share();
    let mut first = Card::new(link.clone(), visit);
    let mut jpki = first.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    chip.with(|chip| {
        chip.faults
            .insert(2, Fault::After(TransportErrorKind::CardRemoved))
    });
    let error = jpki.verify_pin(pin("0001"), leave).unwrap_err();
    assert!(matches!(error, VerifyError::OutcomeUnknown { .. }));
    drop(jpki);
    drop(first);
    let mut second = Card::new(link, visit);
    let mut jpki = second.open::<Jpki>().unwrap();
    let leave = budget(&mut jpki);
    assert_eq!(
        jpki.verify_pin(pin("0001"), leave).unwrap_err(),
        VerifyError::AlreadyRefused { kind: KIND }
    );
    assert_eq!(chip.with(|chip| chip.verifies().len()), 1);
}

/// Visits in which nothing was refused push none out in which something was.
#[test]
fn many_other_visits_in_between() {
    let visit = VisitId::begin();
    let (chip, link) = Chip::new().share();
    for _ in 0..2 {
        let mut card = Card::new(link.clone(), visit);
        let mut jpki = card.open::<Jpki>().unwrap();
        let leave = budget(&mut jpki);
        assert!(jpki.verify_pin(pin("0001"), leave).is_err());
        drop(jpki);
        drop(card);
        for _ in 0..1000 {
            let (_, other) = Chip::new().share();
            let _ = Card::new(other, VisitId::begin());
        }
    }
    assert_eq!(chip.with(|chip| chip.verifies().len()), 1);
}

#[test]
fn cards_held_elsewhere_push_no_refusal_out() {
    let (_, link) = Chip::new().share();
    let hold = || Card::new(link.clone(), VisitId::begin());
    let held: Vec<_> = (0..40).map(|_| hold()).collect();
    let visit = VisitId::begin();
    let present = || {
        let mut card = Card::new(link.clone(), visit);
        let mut jpki = card.open::<Jpki>().unwrap();
        let budget = budget(&mut jpki);
        jpki.verify_pin(pin("0000"), budget).map(drop)
    };
    assert!(matches!(present(), Err(VerifyError::Wrong { left: 2, .. })));
    let another = hold();
    assert!(matches!(present(), Err(VerifyError::AlreadyRefused { .. })));
    drop((another, held));
}
