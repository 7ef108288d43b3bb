//! Every flow of the card layer, every exchange, every fault: nothing panics,
//! every loop ends, no try is lost that nobody gave away, nothing is accepted
//! that the card didn't accept, and nothing wrong is proved.

mod sweep_support;

use sweep_support::faults::{every, few, some};
use sweep_support::sweep::{Sweep, sweep};
use sweep_support::{flows, flows_face, flows_input, flows_jpki};
use uketsuke::card::{DataObject, LastTry};
use uketsuke::simulation::CardOptions;
use uketsuke::transport::ExtendedLength;

/// Most exchanges of each call, as the documentation has them.
const OPEN: usize = 16;
const COUNT: usize = 1;
const VERIFY: usize = 1;
const SIGN: usize = 8;
const CLOSE: usize = 8;
const CERTIFICATE: usize = 80;
const PHOTO: usize = 18 + 400;
const HINT: usize = 8;
const SELECT_FILE: usize = 8;
/// One short read, perhaps in pieces.
const SMALL_FILE: usize = 16 + 2;
/// Files of at most 2 KiB.
const ISSUER: usize = 16 + 2 * 8;
const AGE: usize = 16 + 2 * 8;
/// The table with birth date, sex and card key.
const RECORD: usize = 16 + 2 * 3;
const FACE: usize = 16 + 2 * 256;
const ATTRIBUTES: usize = 48;
const INTEGRITY: usize = 24;
const DATA: usize = 24;

fn short_card() -> CardOptions {
    CardOptions {
        extended_by_short_identifier: false,
        extended_plain: false,
        ..CardOptions::default()
    }
}

#[test]
fn the_certificate() {
    let most = OPEN + CERTIFICATE + CLOSE;
    let of = |name| Sweep::of(name, flows::certificate, most);
    sweep(&of("certificate, extended"), every);
    for case in [
        Sweep {
            says: ExtendedLength::No,
            ..of("certificate, short")
        },
        Sweep {
            says: ExtendedLength::Unknown,
            options: short_card(),
            ..of("certificate, refused")
        },
        Sweep {
            says: ExtendedLength::Unknown,
            ..of("certificate, unknown")
        },
    ] {
        let tally = sweep(&case, some);
        assert!(tally.done > 0 && tally.done < tally.cases);
    }
}

#[test]
fn pin_and_signature() {
    let most = OPEN + 3 * (COUNT + VERIFY) + SIGN + CLOSE;
    let of = |name| Sweep::of(name, flows::signature, most);
    let wrong_then_right = Sweep {
        typed: &[("auth", "9999"), ("auth", "1234")],
        ..of("wrong, then right PIN")
    };
    sweep(&wrong_then_right, every);
    for case in [
        of("right PIN"),
        Sweep {
            typed: &[("auth", "9999"), ("auth", "9999"), ("auth", "1234")],
            ..of("the same wrong PIN twice")
        },
        Sweep {
            left: &[("auth", 1)],
            last: LastTry::Allow,
            ..of("right PIN, last try")
        },
        Sweep {
            typed: &[("auth", "9999"), ("auth", "1234")],
            left: &[("auth", 1)],
            last: LastTry::Allow,
            ends_well: false,
            ..of("wrong PIN, last try")
        },
        Sweep {
            left: &[("auth", 1)],
            ends_well: false,
            ..of("last try not allowed")
        },
        Sweep {
            typed: &[("auth", "9999"), ("auth", "8888"), ("auth", "1234")],
            ends_well: false,
            ..of("two wrong, no last try")
        },
        Sweep {
            typed: &[("auth", "9999"), ("auth", "1234")],
            shared: true,
            ..of("wrong, then right, shared")
        },
        Sweep {
            closes: false,
            ..of("right PIN, never closed")
        },
    ] {
        sweep(&case, some);
    }
}

#[test]
fn a_whole_session() {
    let most = 3 * (OPEN + CLOSE) + CERTIFICATE + 2 * COUNT + 3 * (COUNT + VERIFY) + SIGN + HINT;
    sweep(&Sweep::of("session", flows::session, most), every);
    for case in [
        Sweep {
            says: ExtendedLength::No,
            ..Sweep::of("session, short", flows::session, most)
        },
        Sweep {
            typed: &[("auth", "9999"), ("auth", "1234")],
            ..Sweep::of("session in two, wrong PIN", flows::two_sessions, most)
        },
        Sweep {
            typed: &[("auth", "9999"), ("auth", "1234")],
            shared: true,
            ..Sweep::of("session in two, shared", flows::two_sessions, most)
        },
    ] {
        sweep(&case, few);
    }
}

#[test]
fn the_photo() {
    let most = OPEN + 2 * (COUNT + VERIFY) + PHOTO + CLOSE;
    let of = |name| Sweep::of(name, flows_face::photo, most);
    sweep(&of("photo, extended"), some);
    let short = Sweep {
        says: ExtendedLength::No,
        typed: &[("face-b", "55021720351048"), ("face-b", "55021720351047")],
        ..of("photo, short, wrong number")
    };
    sweep(&short, few);
    let unclosed = Sweep {
        closes: false,
        ..of("photo, never closed")
    };
    sweep(&unclosed, some);
}

#[test]
fn the_rest_of_jpki() {
    let presented = 3 * (COUNT + VERIFY);
    let most = OPEN + presented + CERTIFICATE + SIGN + CLOSE;
    let signing = Sweep {
        typed: &[("sign", "ABC124"), ("sign", "ABC123")],
        ..Sweep::of("signing", flows_jpki::signing, most)
    };
    sweep(&signing, every);
    let free = OPEN + 3 * SMALL_FILE + 2 * CERTIFICATE + CLOSE;
    sweep(&Sweep::of("free files", flows_jpki::free_files, free), some);
    let most = OPEN + COUNT + VERIFY + SELECT_FILE + VERIFY + CLOSE;
    let change = Sweep {
        // After a change of unknown outcome the new one first, as the
        // documentation says.
        typed: &[
            ("auth", "1234"),
            ("auth-new", "4321"),
            ("auth", "4321"),
            ("auth", "1234"),
        ],
        ..Sweep::of("change of PIN", flows_jpki::change_pin, most)
    };
    sweep(&change, every);
    let change = Sweep {
        typed: &[("sign", "ABC123"), ("sign-new", "XYZ789")],
        ..Sweep::of("change of password", flows_jpki::change_password, most)
    };
    sweep(&change, some);
    let most = OPEN + presented + SIGN + CLOSE;
    let keypad = Sweep {
        typed: &[],
        keypad: Some(("auth", &["9999", "1234"])),
        ..Sweep::of("PIN on the keypad", flows_jpki::keypad, most)
    };
    sweep(&keypad, every);
}

#[test]
fn the_four_attributes() {
    let presented = 2 * (COUNT + VERIFY);
    let most = OPEN + ISSUER + presented + ATTRIBUTES + INTEGRITY + CLOSE;
    let by_pin = Sweep {
        typed: &[("input-pin", "8765"), ("input-pin", "5678")],
        ..Sweep::of("attributes by PIN", flows_input::by_pin, most)
    };
    sweep(&by_pin, every);
    let by_number = Sweep {
        typed: &[("input-b", "55021720351047")],
        says: ExtendedLength::No,
        ..Sweep::of(
            "attributes by number",
            flows_input::by_number,
            most + ATTRIBUTES,
        )
    };
    sweep(&by_number, few);
    let most = OPEN + presented + SELECT_FILE + VERIFY + CLOSE;
    let change = Sweep {
        typed: &[("input-pin", "5678"), ("input-new", "8765")],
        ..Sweep::of("change of input PIN", flows_input::change_pin, most)
    };
    sweep(&change, some);
    let keypad = Sweep {
        typed: &[],
        keypad: Some(("input-pin", &["8765", "5678"])),
        ..Sweep::of(
            "input PIN on the keypad",
            flows_input::keypad,
            OPEN + presented + ATTRIBUTES + CLOSE,
        )
    };
    sweep(&keypad, some);
    let most = OPEN + HINT + CLOSE + DataObject::ALL.len() * DATA;
    sweep(&Sweep::of("free data", flows_input::free_data, most), some);
}

/// 照合番号A is the same number.
#[cfg(feature = "my-number")]
#[test]
fn the_my_number() {
    const NUMBER: &str = "000000000019";
    const PICTURE: usize = 48;
    let most = 2 * (OPEN + COUNT + VERIFY + CLOSE) + SMALL_FILE + ISSUER + PICTURE;
    let both = Sweep {
        typed: &[("input-a", NUMBER), ("face-a", NUMBER)],
        ..Sweep::of("My Number", flows_input::my_number, most)
    };
    sweep(&both, some);
}

#[test]
fn the_card_face() {
    let b = OPEN + ISSUER + 2 * (COUNT + VERIFY) + CLOSE;
    let issued = Sweep::of("issued photo", flows_face::issued_photo, b + PHOTO);
    sweep(&issued, every);
    let short = Sweep {
        says: ExtendedLength::No,
        typed: &[("face-b", "55021720351048"), ("face-b", "55021720351047")],
        ..issued
    };
    sweep(&short, few);
    let most = b + RECORD + PHOTO + SIGN;
    let refused = Sweep {
        says: ExtendedLength::Unknown,
        options: short_card(),
        ..Sweep::of("live photo, refused", flows_face::live_photo, most)
    };
    sweep(&refused, few);
    for case in [
        Sweep::of("live photo", flows_face::live_photo, most),
        Sweep::of("whole face", flows_face::whole_face, b + FACE),
        Sweep::of("parts of the face", flows_face::parts, b + 5 * PHOTO),
        Sweep {
            typed: &[("face-birth", "550218"), ("face-birth", "550217")],
            ..Sweep::of("age record", flows_face::age_record, b + AGE)
        },
    ] {
        sweep(&case, some);
    }
}

#[test]
fn the_small_ones() {
    for case in [
        Sweep::of("expiry hint", flows::expiry, OPEN + HINT + CLOSE),
        Sweep::of("counts", flows::counts, 2 * (OPEN + CLOSE) + 3 * COUNT),
    ] {
        sweep(&case, every);
    }
}
