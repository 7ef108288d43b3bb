//! What the clients bring home, and what it costs.

use myna_card::Certificate;
use myna_card::ap::jpki::SignatureScheme;
use uketsuke_rivals::{CHALLENGE, Client, Product, Task, Trouble};

/// Runs a task; the product and (exchanges, signatures).
fn run(client: Client, task: Task) -> Option<(Product, (usize, usize))> {
    let wire = client.card();
    match client.run(task, &wire) {
        Ok(product) => {
            let tally = wire.tally();
            Some((product, (tally.exchanges(), tally.signatures())))
        }
        Err(Trouble::NotOffered(_)) => None,
        Err(Trouble::Failed(why)) => panic!("{client}, {task}: {why}"),
    }
}

#[test]
fn all_bring_home_the_same() {
    for task in Task::ALL {
        let mut products = Client::ALL
            .into_iter()
            .filter_map(|client| Some((client, run(client, task)?.0)));
        let Some((_, first)) = products.next() else {
            continue;
        };
        for (client, product) in products {
            assert!(product == first, "{client}, {task}");
        }
    }
}

/// By `myna-card`'s own check of a signature against a certificate.
#[test]
fn signatures_are_the_certificates_keys() {
    for client in Client::ALL {
        let Some((Product::Certificate(der), _)) = run(client, Task::Certificate) else {
            panic!("{client} reads no certificate");
        };
        let key = Certificate::parse(&der).unwrap().public_key().unwrap();
        for task in [Task::Signature, Task::CountedSignature] {
            let Some((Product::Signature(signature), _)) = run(client, task) else {
                continue;
            };
            let scheme = SignatureScheme::Sha256DigestInfo;
            scheme.verify(&key, &CHALLENGE, &signature).unwrap();
            let other = [0; 32];
            assert!(scheme.verify(&key, &other, &signature).is_err());
        }
    }
}

/// A person mistypes once. What it costs is a matter of the client.
#[test]
fn a_wrong_pin_costs_one_try_but_two_where_every_command_is_sent_twice() {
    for client in Client::ALL {
        let wire = client.card();
        assert!(client.mistype(&wire).is_err(), "{client}");
        let [left, ..] = wire.with_card(|card| card.tries_left());
        let expected = if client == Client::Jpki { 1 } else { 2 };
        assert_eq!(left, expected, "{client}");
    }
}

/// (exchanges, signatures made).
#[test]
fn exchanges() {
    use Client::{Jpki, JpkiKeeping, MynaCard, UketsukeExtended, UketsukeLearning, UketsukeShort};
    let table = [
        (Task::Certificate, UketsukeExtended, (2, 0)),
        (Task::Certificate, UketsukeLearning, (2, 0)),
        (Task::Certificate, UketsukeShort, (8, 0)),
        (Task::Certificate, MynaCard, (9, 0)),
        (Task::Certificate, Jpki, (20, 0)),
        (Task::Certificate, JpkiKeeping, (10, 0)),
        (Task::Signature, MynaCard, (4, 1)),
        (Task::Signature, Jpki, (10, 2)),
        (Task::Signature, JpkiKeeping, (5, 1)),
        (Task::CountedSignature, UketsukeExtended, (4, 1)),
        (Task::CountedSignature, UketsukeLearning, (4, 1)),
        (Task::CountedSignature, UketsukeShort, (4, 1)),
        (Task::CountedSignature, MynaCard, (6, 1)),
        (Task::CountedSignature, Jpki, (14, 2)),
        (Task::CountedSignature, JpkiKeeping, (7, 1)),
        (Task::Photo, UketsukeExtended, (5, 0)),
        (Task::Photo, UketsukeLearning, (4 + 22, 0)),
        (Task::Photo, UketsukeShort, (4 + 22, 0)),
        (Task::Photo, MynaCard, (4 + 27, 0)),
        (Task::Photo, Jpki, (2 * (5 + 27), 0)),
        (Task::Photo, JpkiKeeping, (5 + 27, 0)),
        (Task::IssuedPhoto, UketsukeExtended, (6, 0)),
        (Task::IssuedPhoto, UketsukeLearning, (6 + 1, 0)),
        (Task::IssuedPhoto, UketsukeShort, (7 + 23, 0)),
        (Task::IssuedPhoto, MynaCard, (8 + 27, 0)),
        (Task::LivePhoto, UketsukeExtended, (7, 1)),
        (Task::LivePhoto, UketsukeLearning, (7 + 1, 1)),
        (Task::LivePhoto, UketsukeShort, (9 + 23, 1)),
        (Task::LivePhoto, MynaCard, (9 + 27, 1)),
        (Task::Attributes, UketsukeExtended, (4, 0)),
        (Task::Attributes, UketsukeLearning, (4, 0)),
        (Task::Attributes, UketsukeShort, (4, 0)),
        (Task::Attributes, MynaCard, (5, 0)),
        (Task::Attributes, Jpki, (12, 0)),
        (Task::Attributes, JpkiKeeping, (6, 0)),
        (Task::IssuedAttributes, UketsukeExtended, (6, 0)),
        (Task::IssuedAttributes, UketsukeLearning, (7, 0)),
        (Task::IssuedAttributes, UketsukeShort, (9, 0)),
        (Task::IssuedAttributes, MynaCard, (12, 0)),
    ];
    for (task, client, expected) in table {
        let (_, counted) = run(client, task).expect("offered");
        assert_eq!(counted, expected, "{client}, {task}");
    }
}
