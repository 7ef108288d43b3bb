//! What the virtual card keeps in its state file, and which files it refuses.

mod chip_support;

use chip_support::*;
use uketsuke::simulation::{CardSecret, StateError};

const PIN: &[u8] = b"\x00\x20\x00\x98\x041234";
const WRONG_PIN: &[u8] = b"\x00\x20\x00\x98\x044321";
const PIN_TRIES: &[u8] = b"\x00\x20\x00\x98";
const SIGN_AUTH: &[u8] = b"\x80\x2A\x00\x97\x03abc\x00";

/// The state file of a card that nothing happened to.
const GOOD_STATE: &str = "\
uketsuke virtual card 2
persona in-order
auth-pin 3
sign-password 5
face-birth 10
face-reference-b 10
face-reference-a 10
input-pin 3
input-blocked 0
input-reference-a 10
input-reference-b 10
common-pin 3
";

#[test]
fn the_state_file_outlives_the_card() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.state");
    let fresh = || card().with_state_file(&path);
    let mut card = fresh().unwrap();
    dialogue(
        &mut card,
        &[(JPKI, 0x9000), (WRONG_PIN, 0x63C2), (WRONG_PIN, 0x63C1)],
    );
    // Not dropped in any orderly way: what was answered is on the disk.
    std::mem::forget(card);
    let mut card = fresh().unwrap();
    assert_eq!(card.tries_left(), [1, 5, 10]);
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (PIN, 0x9000),
            (b"\x00\x24\x01\x98\x049876", 0x9000),
        ],
    );
    let mut card = fresh().unwrap();
    assert_eq!(card.auth_pin(), Some("9876"));
    dialogue(
        &mut card,
        &[(JPKI, 0x9000), (PIN, 0x63C2), (PIN, 0x63C1), (PIN, 0x63C0)],
    );
    let mut card = fresh().unwrap();
    dialogue(
        &mut card,
        &[(JPKI, 0x9000), (b"\x00\x20\x00\x98\x049876", 0x6984)],
    );
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, GOOD_STATE.replace("auth-pin 3", "auth-pin 0 9876"));
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no temporary file is left"
    );
}

#[test]
fn state_files_that_are_not_one_are_refused_by_line() {
    const GOOD: &str = GOOD_STATE;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.state");
    let load = |text: &[u8]| {
        std::fs::write(&path, text).unwrap();
        let result = card().with_state_file(&path);
        assert_eq!(
            std::fs::read(&path).unwrap(),
            text,
            "a refused file is left as it is"
        );
        match result {
            Ok(card) => Ok(card.tries_left()),
            Err(StateError::Malformed { line, .. }) => Err(line),
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(load(GOOD.as_bytes()), Ok([3, 5, 10]));
    // Cut anywhere.
    for end in 0..GOOD.len() {
        let line = GOOD[..end].matches('\n').count() + 1;
        assert_eq!(load(&GOOD.as_bytes()[..end]), Err(line), "cut at {end}");
    }
    for (from, to, line) in [
        ("card 2", "card 1", 1),
        ("card 2", "card 3", 1),
        ("in-order", "grace", 2),
        ("persona", "person", 2),
        ("auth-pin 3", "auth-pin 4", 3),
        ("auth-pin 3", "auth-pin +3", 3),
        ("auth-pin 3", "auth-pin -1", 3),
        ("auth-pin 3", "auth-pin", 3),
        ("auth-pin 3", "auth-pin 3 12345", 3),
        ("auth-pin 3", "auth-pin 3 1234 ", 3),
        ("auth-pin 3", "sign-password 3", 3),
        ("sign-password 5", "sign-password 5 lower1", 4),
        ("face-birth 10", "face-birth 11", 5),
        ("face-birth 10", "face-birth 10 550217", 5),
        (
            "face-reference-b 10",
            "face-reference-b 10 55021720351047",
            6,
        ),
        ("face-reference-a 10", "face-reference-a 10 000000000012", 7),
        ("input-pin 3", "input-pin 3 ABC123", 8),
        ("input-blocked 0", "input-blocked 1", 9),
        ("common-pin 3", "common-pin 4", 12),
        ("common-pin 3\n", "common-pin 3\n\n", 13),
    ] {
        assert_eq!(
            load(GOOD.replace(from, to).as_bytes()),
            Err(line),
            "{from} -> {to}"
        );
    }
    assert_eq!(load(b"uketsuke virtual card 2\n\xFF\n"), Err(2));
    assert_eq!(load(&[b'a'; 5000]), Err(1));
}

#[test]
fn what_is_no_regular_file_keeps_no_state() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |path: &std::path::Path| {
        let result = card().with_state_file(path);
        assert!(matches!(result, Err(StateError::NotAFile)), "{path:?}");
    };
    refused(folder.path());
    #[cfg(unix)]
    {
        // A device would give bytes for ever, a link could lead there.
        refused("/dev/zero".as_ref());
        let (link, dangling) = (folder.path().join("link"), folder.path().join("nowhere"));
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        std::os::unix::fs::symlink(folder.path().join("gone"), &dangling).unwrap();
        refused(&link);
        refused(&dangling);
        assert!(std::fs::symlink_metadata(&dangling).unwrap().is_symlink());
        // Nobody writes into this pipe: opening it would wait for ever.
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            refused(&pipe);
        }
    }
    // Put in its place later, it's not replaced: the card can't keep the try.
    let path = folder.path().join("card.state");
    let mut card = card().with_state_file(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    dialogue(&mut card, &[(JPKI, 0x9000), (WRONG_PIN, 0x6581)]);
    assert_eq!(std::fs::read_dir(&path).unwrap().count(), 0);
}

#[test]
fn a_count_that_cannot_be_kept_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone").join("card.state");
    assert!(matches!(
        card().with_state_file(&path),
        Err(StateError::Io(_))
    ));
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    let mut card = card().with_state_file(&path).unwrap();
    dialogue(&mut card, &[(JPKI, 0x9000), (PIN, 0x9000)]);
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    dialogue(
        &mut card,
        &[
            (b"\x00\x24\x01\x98\x049876", 0x6581),
            (WRONG_PIN, 0x6581),
            (PIN_TRIES, 0x63C2),
            // Not even the right one gets in while nothing can be written.
            (PIN, 0x6581),
            (SIGN_AUTH, 0x6982),
            (PIN_TRIES, 0x63C1),
        ],
    );
    assert_eq!(card.auth_pin(), Some("1234"));
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    dialogue(&mut card, &[(PIN, 0x9000), (PIN_TRIES, 0x63C3)]);
}

#[test]
fn a_file_of_the_first_version_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.state");
    let old = "uketsuke virtual card 1\npersona in-order\nauth-pin 2\nsign-password 5\nreference-number-b 10\n";
    std::fs::write(&path, old).unwrap();
    let error = card().with_state_file(&path).unwrap_err().to_string();
    assert!(
        error.contains("line 1") && error.contains("earlier version"),
        "{error}"
    );
    assert!(error.contains("delete the file"), "{error}");
}

#[test]
fn every_secret_and_every_changed_pin_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.state");
    let fresh = || card().with_state_file(&path).unwrap();
    let mut card = fresh();
    dialogue(
        &mut card,
        &[
            (JPKI, 0x9000),
            (&verify(0x1B, "ABC123"), 0x9000),
            (b"\x00\x24\x01\x9B\x06NEW456", 0x9000),
            (&verify(0x18, "0000"), 0x63C2),
            (&verify(0x1B, "0000"), 0x63C4),
            (FACE, 0x9000),
            (&verify(0x11, "0"), 0x63C9),
            (&verify(0x12, "0"), 0x63C9),
            (&verify(0x12, "0"), 0x63C8),
            (&verify(0x13, "0"), 0x63C9),
            (INPUT, 0x9000),
            (&verify(0x11, "5678"), 0x9000),
            (b"\x00\x24\x01\x91\x048765", 0x9000),
            (&verify(0x11, "0000"), 0x63C2),
            (&verify(0x14, "0"), 0x63C9),
            (&verify(0x15, "0"), 0x63C9),
            (COMMON, 0x9000),
            (&verify(0x1C, "9012"), 0x9000),
            (b"\x80\x32\x00\x9C\x042109", 0x9000),
            (&verify(0x1C, "0000"), 0x63C2),
        ],
    );
    let expected = CardSecret::ALL.map(|secret| card.tries(secret));
    assert_eq!(expected, [2, 4, 9, 8, 9, 2, 0, 9, 9, 2]);
    std::mem::forget(card);
    let mut card = fresh();
    assert_eq!(CardSecret::ALL.map(|secret| card.tries(secret)), expected);
    assert_eq!(
        (
            card.auth_pin(),
            card.sign_password(),
            card.input_pin(),
            card.common_pin()
        ),
        (Some("1234"), Some("NEW456"), Some("8765"), Some("2109"))
    );
    dialogue(
        &mut card,
        &[
            (INPUT, 0x9000),
            (&verify(0x11, "8765"), 0x9000),
            (COMMON, 0x9000),
            (&verify(0x1C, "2109"), 0x9000),
        ],
    );
}
