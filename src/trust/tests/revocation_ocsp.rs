//! Answers of OCSP responders of which each part can be what no responder writes.

use jiff::{SignedDuration, Timestamp};

use super::{
    made::{Key, Made, ROOT_ID, authority, bits, element, extension, name, root_with, sequence},
    made_answer::{
        DELEGATE, GOOD, Issuer, NONCE, Response, appointed, by_key, no_check, nonce, purposes,
        single, time,
    },
    made_list::{der_error, holder, now, profile_error},
};
use crate::{
    simulation::{Generation, VirtualPki},
    trust::{
        CertIdHash, NoAnswer, OcspAnswer, OcspRequest, RevocationAnswer, RevocationError,
        RevocationQuery, RevocationReason, RevocationSource, Revoked, oid,
    },
};

#[test]
fn responders_of_the_next_card_are_heard() {
    let ca = Issuer::new();
    let own = Key::new();
    let certificate = ca.delegate(&own, &appointed());
    let said = [ca.said(GOOD)];
    let root = Response::new(&said);
    let delegate = Response::by(&[&certificate], &said);
    for (response, key) in [
        (Response::new(&said), &ca.key),
        (
            Response {
                responder: by_key(&ca.key),
                ..Response::new(&said)
            },
            &ca.key,
        ),
        (Response::by(&[&certificate], &said), &own),
        (
            Response {
                responder: by_key(&own),
                ..Response::by(&[&certificate], &said)
            },
            &own,
        ),
    ] {
        let answer = ca.verify(&response, key).unwrap();
        assert_eq!(answer.ask(&ca.query(), now()), RevocationAnswer::Good);
    }
    // Each key for the other, and one algorithm under the other's name.
    let bad = RevocationError::BadSignature;
    assert_eq!(ca.verify(&root, &own).unwrap_err(), bad);
    assert_eq!(ca.verify(&delegate, &ca.key).unwrap_err(), bad);
    let of_rsa = |data: &[u8]| VirtualPki::new().sign_as_root(Generation::Third, data);
    let der = root.der_signed(of_rsa);
    assert_eq!(ca.request().verify(&der, None, now()).unwrap_err(), bad);
    let rsa = Response {
        algorithm: oid::SHA256_WITH_RSA.to_vec(),
        ..root
    };
    let not_its = RevocationError::NotAllowed {
        element: "signatureAlgorithm",
        why: "is not that of the signer's key",
    };
    assert_eq!(ca.answer(&rsa).unwrap_err(), not_its);
    let der = rsa.der_signed(of_rsa);
    assert_eq!(ca.request().verify(&der, None, now()).unwrap_err(), not_its);
    // Neither name nor hash of anybody who is there.
    for responder in [
        element(0xa1, &[&name(b"somebody")]),
        element(0xa2, &[&element(4, &[&[1; 20]])]),
        element(0xa2, &[&element(4, &[])]),
    ] {
        let response = Response {
            responder,
            ..Response::by(&[&certificate], &said)
        };
        let found = ca.verify(&response, &own).unwrap_err();
        assert_eq!(found, RevocationError::NotAppointed);
    }
}

#[test]
fn a_delegate_is_what_the_root_appointed() {
    let ca = Issuer::new();
    let own = Key::new();
    let said = [ca.said(GOOD)];
    let ask = |certificates: &[&[u8]]| ca.verify(&Response::by(certificates, &said), &own);
    let with = |extensions: &[Vec<u8>]| ask(&[&ca.delegate(&own, extensions)]);
    let server = &[0x2b, 6, 1, 5, 5, 7, 3, 1][..];
    let usage = |bits: &[u8]| extension(oid::KEY_USAGE, true, bits);
    let constraints = |value: &[u8]| extension(oid::BASIC_CONSTRAINTS, true, value);
    // Without an authority's identifier; with a second purpose; with what may be there.
    assert!(with(&[purposes(&[oid::OCSP_SIGNING]), no_check()]).is_ok());
    assert!(with(&[purposes(&[server, oid::OCSP_SIGNING]), no_check()]).is_ok());
    let more = [usage(&[3, 2, 7, 0x80]), constraints(&[0x30, 0])];
    assert!(with(&[appointed().as_slice(), &more].concat()).is_ok());

    let not_allowed = |element, why| RevocationError::NotAllowed { element, why };
    let unknown = |oid: &str| RevocationError::UnknownCriticalExtension { oid: oid.into() };
    let any_purpose = &[0x55, 0x1d, 0x25, 0][..];
    let other = sequence(&[&element(0x80, &[&ROOT_ID[1..]])]);
    let beside = |extension: Vec<u8>| [appointed().as_slice(), &[extension]].concat();
    let unknown_id = element(6, &[&[0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1]]);
    let policy = |qualifiers: &[u8]| {
        let policies = sequence(&[&sequence(&[&unknown_id, qualifiers])]);
        extension(oid::CERTIFICATE_POLICIES, true, &policies)
    };
    assert!(with(&beside(policy(&[]))).is_ok());
    for (extensions, error) in [
        (vec![authority(), no_check()], RevocationError::NotAppointed),
        (
            vec![purposes(&[any_purpose, server]), no_check()],
            RevocationError::NotAppointed,
        ),
        (
            vec![
                extension(oid::AUTHORITY_KEY_ID, false, &other),
                purposes(&[oid::OCSP_SIGNING]),
                no_check(),
            ],
            RevocationError::NotAppointed,
        ),
        (
            vec![authority(), purposes(&[oid::OCSP_SIGNING])],
            RevocationError::ResponderUnchecked,
        ),
        (
            beside(constraints(&[0x30, 3, 1, 1, 0xff])),
            not_allowed("basicConstraints", "says CA:TRUE"),
        ),
        // nonRepudiation alone.
        (
            beside(usage(&[3, 2, 6, 0x40])),
            not_allowed("keyUsage", "lacks digitalSignature"),
        ),
        // A policy is as good as any other, but for a qualifier that nobody knows.
        (
            beside(policy(&sequence(&[&sequence(&[&unknown_id, &[5, 0]])]))),
            not_allowed(
                "certificatePolicies",
                "has a qualifier that is not understood",
            ),
        ),
        // nameConstraints.
        (
            beside(extension(&[0x55, 0x1d, 0x1e], true, &sequence(&[]))),
            unknown("2.5.29.30"),
        ),
    ] {
        assert_eq!(with(&extensions).unwrap_err(), error);
    }

    // Found among others; each of them must be a certificate, and the fifth isn't looked at.
    let right = ca.delegate(&own, &appointed());
    let others = [
        ca.holder.clone(),
        holder(&[6], &[], &ca.key),
        holder(&[7], &[], &ca.key),
    ];
    let [a, b, c] = &others;
    assert!(ask(&[a, b, c, &right]).is_ok());
    assert!(ask(&[&right, a, &[5, 0], b, c]).is_ok());
    let none = RevocationError::NotAppointed;
    assert_eq!(ask(&[a, b, c, a, &right]).unwrap_err(), none);
    assert_eq!(ask(&[]).unwrap_err(), none);
    assert_eq!(der_error(ask(&[&[5, 0], &right]).unwrap_err()), "certs");
    // One with a key that isn't read is passed over: id-Ed25519.
    let strange = sequence(&[&sequence(&[&[6, 3, 0x2b, 0x65, 0x70]]), &bits(&[1; 32])]);
    let strange = Made::new(DELEGATE, strange, &appointed()).signed(|tbs| ca.key.sign(tbs));
    assert!(ask(&[&strange, &right]).is_ok());
    assert_eq!(ask(&[&strange]).unwrap_err(), none);
    // What signed itself, or was signed by the holder of a certificate.
    let made = Made::new(DELEGATE, own.info(), &appointed());
    let self_signed = made.signed(|tbs| own.sign(tbs));
    let found = ask(&[&self_signed]).unwrap_err();
    assert_eq!(found, RevocationError::BadSignature);
}

/// To the second, and without the five minutes of a late clock: nobody made this certificate for this answer.
#[test]
fn a_delegate_is_in_force() {
    let ca = Issuer::new();
    let own = Key::new();
    let said = [ca.said(GOOD)];
    let ask = |validity: [&[u8]; 2]| {
        let made = Made {
            validity,
            ..Made::new(DELEGATE, own.info(), &appointed())
        };
        let certificate = made.signed(|tbs| ca.key.sign(tbs));
        ca.verify(&Response::by(&[&certificate], &said), &own)
    };
    let refused = RevocationError::NotAllowed {
        element: "validity",
        why: "is over or to come",
    };
    let (past, future) = (b"260101000000Z", b"270101000000Z");
    assert!(ask([b"260601000000Z", future]).is_ok());
    assert!(ask([past, b"260601000000Z"]).is_ok());
    assert_eq!(ask([b"260601000001Z", future]).unwrap_err(), refused);
    assert_eq!(ask([past, b"260531235959Z"]).unwrap_err(), refused);
}

/// What a source knows of the responder is asked for its own certificate.
#[test]
fn an_unchecked_delegate_is_asked_about() {
    struct Fixed(RevocationAnswer);
    impl RevocationSource for Fixed {
        fn ask(&self, query: &RevocationQuery<'_>, at: Timestamp) -> RevocationAnswer {
            assert_eq!((query.serial(), at), (&[7][..], now()));
            self.0
        }
    }
    let ca = Issuer::new();
    let own = Key::new();
    let certificate = ca.delegate(&own, &[authority(), purposes(&[oid::OCSP_SIGNING])]);
    let response = Response::by(&[&certificate], &[ca.said(GOOD)]).der(&own);
    let revoked = Revoked {
        at: now(),
        reason: RevocationReason::Unspecified,
    };
    for (said, heard) in [
        (RevocationAnswer::Good, true),
        (RevocationAnswer::Revoked(revoked), false),
        (RevocationAnswer::Unknown(NoAnswer::NotCovered), false),
        (
            RevocationAnswer::Unknown(NoAnswer::Stale { next_update: now() }),
            false,
        ),
    ] {
        let found = ca.request().verify(&response, Some(&Fixed(said)), now());
        match found {
            Ok(_) => assert!(heard),
            Err(error) => {
                assert!(!heard);
                assert_eq!(error, RevocationError::ResponderUnchecked);
            }
        }
    }
    // With id-pkix-ocsp-nocheck nobody is asked.
    let certificate = ca.delegate(&own, &appointed());
    let response = Response::by(&[&certificate], &[ca.said(GOOD)]).der(&own);
    let silent = Fixed(RevocationAnswer::Revoked(revoked));
    assert!(ca.request().verify(&response, Some(&silent), now()).is_ok());
}

#[test]
fn an_answer_may_be_about_several() {
    let ca = Issuer::new();
    let own = ca.id();
    let other = |last: u8| {
        let mut id = own.clone();
        *id.last_mut().unwrap() = last;
        single(&id, &[0x82, 0], &[])
    };
    let ask = |singles: &[Vec<u8>]| ca.answer(&Response::new(singles));
    let said = ca.said(GOOD);
    for place in 0..16 {
        let mut all: Vec<_> = (10..25).map(other).collect();
        all.insert(place, said.clone());
        assert_eq!(ask(&all).unwrap().said(), RevocationAnswer::Good);
        all.push(other(99));
        assert_eq!(der_error(ask(&all).unwrap_err()), "responses");
    }
    let none = RevocationError::OtherCertificate;
    assert_eq!(ask(&[]).unwrap_err(), none);
    assert_eq!(ask(&[other(6)]).unwrap_err(), none);
    let revoked = ca.said(&element(0xa1, &[&time(b"20260501000000Z")]));
    for both in [[said.clone(), revoked.clone()], [revoked, said.clone()]] {
        assert_eq!(
            profile_error(ask(&both).unwrap_err()),
            ("responses", "two about one certificate")
        );
    }
    // One of the others can't be read.
    assert_eq!(
        der_error(ask(&[said.clone(), vec![5, 0]]).unwrap_err()),
        "SingleResponse"
    );
    let broken = single(&own[..2], GOOD, &[]);
    assert!(matches!(
        ask(&[said, broken]),
        Err(RevocationError::Form(_))
    ));

    // One whose number isn't in the shortest form, and one with a part too many.
    let long = [&own[2..own.len() - 3], &[2, 2, 0, 6]].concat();
    let long = single(&sequence(&[&long]), GOOD, &[]);
    let found = ask(&[ca.said(GOOD), long]).unwrap_err();
    assert_eq!(der_error(found), "serialNumber");
    let more = single(&sequence(&[&own[2..], &[5, 0]]), GOOD, &[]);
    assert_eq!(der_error(ask(&[more]).unwrap_err()), "certID");

    // The same, without the NULL of its algorithm, and with something else there.
    let hashed = |algorithm: &[u8]| {
        // 30 0d: the algorithm of SHA-256 with its NULL, behind the header of two bytes.
        assert_eq!(own[2..4], [0x30, 0x0d]);
        let id = sequence(&[&sequence(&[algorithm]), &own[17..]]);
        ask(&[single(&id, GOOD, &[])])
    };
    let sha256 = element(6, &[oid::SHA256]);
    assert!(hashed(&sha256).is_ok());
    assert!(hashed(&[&sha256[..], &[5, 0]].concat()).is_ok());
    let found = hashed(&[&sha256[..], &[2, 1, 0]].concat());
    assert_eq!(der_error(found.unwrap_err()), "hashAlgorithm");
    assert_eq!(hashed(&element(6, &[oid::SHA1])).unwrap_err(), none);
}

#[test]
fn a_status_is_one_of_three() {
    let ca = Issuer::new();
    let ask = |status: &[u8]| ca.answer(&Response::new(&[ca.said(status)]));
    let at: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
    let since = time(b"20260501000000Z");
    let revoked = |more: &[u8]| ask(&element(0xa1, &[&since, more]));
    let said = |reason| RevocationAnswer::Revoked(Revoked { at, reason });
    for (more, reason) in [
        (&[][..], RevocationReason::Unspecified),
        (&[0xa0, 3, 0x0a, 1, 6], RevocationReason::CertificateHold),
        (&[0xa0, 3, 0x0a, 1, 10], RevocationReason::AaCompromise),
    ] {
        assert_eq!(revoked(more).unwrap().said(), said(reason));
    }
    for code in [7, 8, 11] {
        assert_eq!(
            profile_error(revoked(&[0xa0, 3, 0x0a, 1, code]).unwrap_err()),
            ("reasonCode", "is none of a complete list")
        );
    }
    let three = ("certStatus", "is none of the three");
    for status in [
        &[0x80, 1, 0][..],
        &[0xa0, 0],
        &[0x81, 0],
        &[0x82, 1, 0],
        &[0xa2, 0],
        &[0x83, 0],
        &[5, 0],
    ] {
        assert_eq!(profile_error(ask(status).unwrap_err()), three);
    }
    for (more, element) in [
        (&[0xa0, 3, 2, 1, 1][..], "revocationReason"),
        (&[0xa0, 6, 0x0a, 1, 1, 0x0a, 1, 1], "revocationReason"),
        (&[5, 0], "RevokedInfo"),
    ] {
        assert_eq!(der_error(revoked(more).unwrap_err()), element);
    }
    let utc = element(0xa1, &[&element(0x17, &[b"260501000000Z"])]);
    assert_eq!(der_error(ask(&utc).unwrap_err()), "revocationTime");
}

#[test]
fn what_surrounds_a_status_is_read_whole() {
    let ca = Issuer::new();
    let ask = |more: &[u8]| ca.answer(&Response::new(&[single(&ca.id(), GOOD, more)]));
    let until = |text: &[u8]| element(0xa0, &[&time(text)]);
    let end: Timestamp = "2026-06-02T00:00:00Z".parse().unwrap();
    assert_eq!(ask(&until(b"20260602000000Z")).unwrap().until(), end);
    let hour = now() + OcspAnswer::MAX_AGE;
    assert_eq!(ask(&[]).unwrap().until(), hour);
    // It ends as it begins.
    assert_eq!(ask(&until(b"20260601000000Z")).unwrap().until(), now());
    let unknown = [0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1];
    let extensions = |critical| {
        element(
            0xa1,
            &[&sequence(&[&extension(&unknown, critical, &[5, 0])])],
        )
    };
    assert!(ask(&extensions(false)).is_ok());
    let both = [until(b"20260602000000Z"), extensions(false)].concat();
    assert!(ask(&both).is_ok());
    assert_eq!(
        ask(&extensions(true)).unwrap_err(),
        RevocationError::UnknownCriticalExtension {
            oid: "1.3.6.1.4.1.32473.1".into()
        }
    );
    for (more, element) in [
        (
            element(0xa0, &[&element(0x17, &[b"260602000000Z"])]),
            "nextUpdate",
        ),
        (
            [until(b"20260602000000Z"), vec![5, 0]].concat(),
            "SingleResponse",
        ),
        (
            [extensions(false), until(b"20260602000000Z")].concat(),
            "SingleResponse",
        ),
        (until(b"20260602000000.5Z"), "nextUpdate"),
        (vec![0xa0, 0x80, 0, 0], "nextUpdate"),
    ] {
        assert_eq!(der_error(ask(&more).unwrap_err()), element);
    }

    let said = || [ca.said(GOOD)];
    let places = [
        "tbsResponseData",
        "BasicOCSPResponse",
        "responseBytes",
        "OCSPResponse",
    ];
    for (place, element) in places.into_iter().enumerate() {
        let mut response = Response::new(&said());
        response.more[place] = vec![5, 0];
        assert_eq!(der_error(ca.answer(&response).unwrap_err()), element);
    }
    let response = |extensions: &[Vec<u8>]| {
        ca.answer(&Response {
            extensions: extensions.concat(),
            ..Response::new(&said())
        })
    };
    let right = nonce(&element(4, &[&NONCE]));
    let quiet = extension(&unknown, false, &[5, 0]);
    assert!(response(&[quiet.clone(), right.clone()]).is_ok());
    let other = RevocationError::OtherNonce;
    assert_eq!(response(&[]).unwrap_err(), other);
    assert_eq!(response(std::slice::from_ref(&quiet)).unwrap_err(), other);
    for wrong in [&[][..], &NONCE[1..], &[8; 16], &[7; 17]] {
        let found = response(&[nonce(&element(4, &[wrong]))]);
        assert_eq!(found.unwrap_err(), other);
    }
    // The bytes without the OCTET STRING that RFC 8954 asks for.
    assert_eq!(der_error(response(&[nonce(&NONCE)]).unwrap_err()), "nonce");
    assert_eq!(
        profile_error(response(&[right.clone(), right]).unwrap_err()),
        ("extensions", "one comes twice")
    );
    for produced in [
        element(0x17, &[b"260601000000Z"]),
        time(b"20260601000000.1Z"),
        time(b"202606010000Z"),
    ] {
        let response = Response {
            produced,
            ..Response::new(&said())
        };
        assert_eq!(der_error(ca.answer(&response).unwrap_err()), "producedAt");
    }
}

#[test]
fn an_answer_lasts_no_longer_than_root_and_certificate() {
    let key = Key::new();
    let end: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    let ca = Issuer {
        root: root_with(&key, &[3, 2, 1, 6], b"260601120000Z"),
        holder: holder(&[5], &[], &key),
        key,
    };
    let second = SignedDuration::from_secs(1);
    let day = element(0xa0, &[&time(b"20260602000000Z")]);
    let response = |produced: &[u8]| {
        Response {
            produced: time(produced),
            ..Response::new(&[single(&ca.id(), GOOD, &day)])
        }
        .der(&ca.key)
    };
    let answer = ca
        .request()
        .verify(&response(b"20260601120000Z"), None, end);
    let answer = answer.unwrap();
    assert_eq!(answer.until(), end);
    assert_eq!(answer.ask(&ca.query(), end), RevocationAnswer::Good);
    let stale = NoAnswer::Stale { next_update: end };
    assert_eq!(
        answer.ask(&ca.query(), end + second),
        RevocationAnswer::Unknown(stale)
    );
    let late = ca
        .request()
        .verify(&response(b"20260601120000Z"), None, end + second);
    assert_eq!(
        late.unwrap_err(),
        RevocationError::RootNotValid {
            now: end + second,
            not_before: "2024-01-01T00:00:00Z".parse().unwrap(),
            not_after: end
        }
    );

    // The holder's certificate ends with the second in which the issuer spoke, or before it.
    let mut ca = Issuer::new();
    for (end, answer) in [
        (&b"260601000000Z"[..], RevocationAnswer::Good),
        (
            b"260531235959Z",
            RevocationAnswer::Unknown(NoAnswer::Lapsed),
        ),
    ] {
        let made = Made {
            serial: &[5],
            validity: [b"240101000000Z", end],
            ..Made::new(b"holder", ca.key.info(), &[authority()])
        };
        ca.holder = made.signed(|tbs| ca.key.sign(tbs));
        let found = ca.answer(&Response::new(&[ca.said(GOOD)])).unwrap();
        assert_eq!(found.ask(&ca.query(), now()), answer);
        // That it was revoked is told all the same.
        let revoked = element(0xa1, &[&time(b"20260501000000Z")]);
        let found = ca.answer(&Response::new(&[ca.said(&revoked)])).unwrap();
        let found = found.ask(&ca.query(), now());
        assert!(matches!(found, RevocationAnswer::Revoked(_)));
    }
}

/// The bytes of a number below zero are another one's; nothing is asked about it, and nothing said.
#[test]
fn a_number_below_zero_is_nobodys() {
    let mut ca = Issuer::new();
    let negative = holder(&[0x80], &[], &ca.key);
    ca.holder = holder(&[0, 0x80], &[], &ca.key);
    let answer = ca.answer(&Response::new(&[ca.said(GOOD)])).unwrap();
    assert_eq!(answer.ask(&ca.query(), now()), RevocationAnswer::Good);
    ca.holder = negative;
    let query = ca.query();
    assert!(query.has_negative_serial());
    assert_eq!(
        answer.ask(&query, now()),
        RevocationAnswer::Unknown(NoAnswer::NotCovered)
    );
    assert_eq!(
        OcspRequest::generate(&query, &ca.root, CertIdHash::Sha1).unwrap_err(),
        RevocationError::NotAllowed {
            element: "serialNumber",
            why: "is negative"
        }
    );
}
