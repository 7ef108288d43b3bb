//! Every fault at every exchange of a whole visit: the right advice, no lost
//! try but that of a wrong PIN on its way, no acceptance without proofs.

mod support;

use support::{Case, Script};
use uketsuke::checkin::{AuditEvent, Method};
use uketsuke::eligibility::Failure;
use uketsuke::simulation::Fault;

/// More exchanges than any visit has.
const EXCHANGES: u64 = 40;

fn sweep(method: Method, pins: &[&'static str], make: fn(u64) -> Fault, allowed: &[Failure]) {
    let mut failed = 0;
    for exchange in 0..EXCHANGES {
        let script = Script {
            method,
            pins: pins.to_vec(),
            ..Script::default()
        };
        let case = Case {
            fault: Some(make(exchange)),
            ..Case::of("in-order").script(script)
        };
        let (outcome, mut desk) = case.run();
        let fault = make(exchange);
        if let Some(failure) = outcome.failure() {
            failed += 1;
            assert!(allowed.contains(&failure), "{fault:?}: {failure:?}");
        }
        let wrong = pins.iter().filter(|pin| **pin != "1234").count();
        let spent = desk
            .records
            .iter()
            .filter(|record| matches!(record.event, AuditEvent::TrySpent { .. }))
            .count();
        let unknown = desk
            .records
            .iter()
            .filter(|record| record.event == AuditEvent::TryUnknown)
            .count();
        let [pin, sign, b] = desk.tries_left();
        let left = usize::from(pin);
        assert_eq!(sign, 5, "{fault:?}: nobody typed a sign password");
        assert_eq!(b, 10, "{fault:?}: 照合番号B was right, or not sent");
        if outcome.is_accepted() {
            assert_eq!(left, 3, "{fault:?}");
        } else {
            // A right PIN that arrived resets the counter; else only wrong PINs
            // count, each known or said to be unknown.
            assert!(
                left == 3 || 3 - left <= wrong.min(spent + unknown),
                "{fault:?}: {left} left, {spent}+{unknown}"
            );
        }
    }
    assert!(failed >= 8, "the sweep reached the visit: {failed}");
}

const GONE: &[Failure] = &[Failure::CardRemoved, Failure::PinOutcomeUnknown];
const BROKEN: &[Failure] = &[
    Failure::ReaderFault,
    Failure::CardRemoved,
    Failure::PinOutcomeUnknown,
];

#[test]
fn card_pulled_before_any_exchange() {
    sweep(Method::Pin, &["1234"], Fault::RemovedBefore, GONE);
    sweep(Method::Pin, &["9999", "1234"], Fault::RemovedBefore, GONE);
    sweep(Method::Face, &[], Fault::RemovedBefore, GONE);
}

#[test]
fn card_pulled_after_any_exchange() {
    sweep(Method::Pin, &["1234"], Fault::RemovedAfter, GONE);
    sweep(Method::Pin, &["9999", "1234"], Fault::RemovedAfter, GONE);
    sweep(Method::Face, &[], Fault::RemovedAfter, GONE);
}

#[test]
fn reader_gone_at_any_exchange() {
    sweep(Method::Pin, &["1234"], Fault::ReaderGone, BROKEN);
    sweep(Method::Pin, &["9999", "1234"], Fault::ReaderGone, BROKEN);
    sweep(Method::Face, &[], Fault::ReaderGone, BROKEN);
}
