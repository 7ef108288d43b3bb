//! Lists of revoked certificates and OCSP answers of edited parts, signed again.

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use uketsuke::simulation::{Generation, VirtualPki};

use crate::{
    der::{Body, Node},
    edit::{self, Edit, answer, certificate, list},
    keys::{Key, Keys, Signer},
    list::leaf,
    random::Random,
};

/// Which of two roots of one name and key identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The third simulated root.
    Rsa,
    /// The same certificate with a key on P-384 that is made anew in each process.
    P384,
}

/// Who signs an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Responder {
    /// The root.
    Root,
    /// The holder of a certificate for it, with an RSA key.
    Rsa,
    /// The same with a key on P-384.
    P384,
}

/// Makes lists and answers that differ from a good one and are signed all the same.
///
/// Edits are eight bytes each: the first says which, and all of them what comes of it.
pub struct Resigned {
    keys: Keys,
    next: Key,
    next_root: Vec<u8>,
    leaves: [Vec<u8>; 2],
}

impl Resigned {
    /// With the keys and a new one.
    #[expect(clippy::new_without_default, reason = "it makes a key")]
    pub fn new() -> Self {
        let pki = VirtualPki::new();
        let leaf = leaf(Generation::Third, 0x0500_0001);
        let mut all = Self {
            keys: Keys::new(),
            next: Key::p384(),
            next_root: Vec::new(),
            leaves: [leaf.clone(), Vec::new()],
        };
        let mut root = tree(pki.root(Generation::Third)).expect("a root");
        root.inside()[0].inside()[6] = all.next.info();
        sign_certificate(&mut root, &all.next).expect("a root");
        all.next_root = root.to_der();
        let mut leaf = tree(&leaf).expect("a certificate");
        sign_certificate(&mut leaf, &all.next).expect("a certificate");
        all.leaves[1] = leaf.to_der();
        all
    }

    fn key(&self, of: Authority) -> &Key {
        match of {
            // The third of them.
            Authority::Rsa => self.keys.key(Signer::Authentication(2)),
            Authority::P384 => &self.next,
        }
    }

    fn responder(&self, by: Responder, of: Authority) -> &Key {
        match by {
            Responder::Root => self.key(of),
            Responder::Rsa => self.keys.key(Signer::Responder),
            Responder::P384 => &self.next,
        }
    }

    /// DER of the root.
    pub fn root(&self, of: Authority) -> &[u8] {
        match of {
            Authority::Rsa => VirtualPki::new().root(Generation::Third),
            Authority::P384 => &self.next_root,
        }
    }

    /// DER of a certificate with the serial number 05000001 that the root signed.
    pub fn leaf(&self, of: Authority) -> &[u8] {
        &self.leaves[usize::from(of == Authority::P384)]
    }

    /// CertificateList of a signed part, whatever that is.
    pub fn list(&self, of: Authority, tbs: &[u8]) -> Vec<u8> {
        let key = self.key(of);
        let parts = [tbs, &key.algorithm().to_der(), &key.sign(tbs).to_der()];
        wrapped(0x30, &parts.concat())
    }

    /// The list of the third simulated root as one of `of`.
    pub fn list_of(&self, of: Authority, list: &[u8]) -> Option<Vec<u8>> {
        let mut whole = tree(list)?;
        let tbs = whole.inside().get_mut(0)?;
        *tbs.inside().get_mut(1)? = self.key(of).algorithm();
        Some(self.list(of, &tbs.to_der()))
    }

    /// A list of `of` edited and signed again.
    pub fn edited_list(&self, of: Authority, list: &[u8], edits: &[u8]) -> Option<Vec<u8>> {
        let mut tbs = tree(list)?.inside().first()?.clone();
        for (count, (which, mut random)) in chosen(edits).enumerate() {
            apply(count, list::EDITS, which, &mut tbs, &mut random);
        }
        Some(self.list(of, &tbs.to_der()))
    }

    /// OCSPResponse of a signed part and certificates, whatever they are.
    ///
    /// `certificates`: all that follows the signature, tag included.
    pub fn answer(
        &self,
        by: Responder,
        of: Authority,
        data: &[u8],
        certificates: &[u8],
    ) -> Vec<u8> {
        let key = self.responder(by, of);
        let basic = [
            data,
            &key.algorithm().to_der(),
            &key.sign(data).to_der(),
            certificates,
        ];
        // id-pkix-ocsp-basic
        let kind = Node::oid(&[0x2b, 6, 1, 5, 5, 7, 48, 1, 1]).to_der();
        let octets = wrapped(4, &wrapped(0x30, &basic.concat()));
        let bytes = wrapped(0xa0, &wrapped(0x30, &[kind, octets].concat()));
        wrapped(0x30, &[&[0x0a, 1, 0][..], &bytes].concat())
    }

    /// The answer of the simulated responder, or of the third simulated root, as one of `by`.
    pub fn answer_of(&self, by: Responder, of: Authority, answer: &[u8]) -> Option<Vec<u8>> {
        let (mut data, mut certificates) = basic(answer)?;
        // [2] KeyHash: SHA-1 over the bits of the key.
        let id = data.inside().first_mut()?;
        if id.tag == 0xa2 {
            let key = self.responder(by, of).public();
            let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, key);
            *id = Node::nodes(0xa2, vec![Node::bytes(4, hash.as_ref())]);
        }
        if let Some(certificate) = certificate(&mut certificates) {
            let info = certificate.inside().first_mut()?.inside().get_mut(6)?;
            *info = self.responder(by, of).info();
            sign_certificate(certificate, self.key(of))?;
        }
        let certificates: Vec<u8> = certificates.iter().flat_map(Node::to_der).collect();
        Some(self.answer(by, of, &data.to_der(), &certificates))
    }

    /// An answer of `by` edited, and signed again with its certificate.
    pub fn edited_answer(
        &self,
        by: Responder,
        of: Authority,
        answer: &[u8],
        edits: &[u8],
    ) -> Option<Vec<u8>> {
        let (mut data, mut certificates) = basic(answer)?;
        for (count, (which, mut random)) in chosen(edits).enumerate() {
            match (which >> 5, certificate(&mut certificates)) {
                (0 | 1, Some(certificate)) => {
                    let tbs = certificate.inside().first_mut()?;
                    apply(count, certificate::EDITS, which, tbs, &mut random);
                    let signature = self.key(of).sign(&tbs.to_der());
                    *certificate.inside().get_mut(2)? = signature;
                }
                (2, _) => {
                    if let Some(all) = certificates.first_mut() {
                        edit::anywhere(all, &mut random);
                    }
                }
                _ => apply(count, answer::EDITS, which, &mut data, &mut random),
            }
        }
        let certificates: Vec<u8> = certificates.iter().flat_map(Node::to_der).collect();
        Some(self.answer(by, of, &data.to_der(), &certificates))
    }
}

/// DER changed anywhere, all lengths around it put right, and not signed again.
///
/// Edits as those of [`Resigned`].
pub fn edited_anywhere(der: &[u8], edits: &[u8]) -> Option<Vec<u8>> {
    let mut tree = tree(der)?;
    for (_, mut random) in chosen(edits) {
        edit::anywhere(&mut tree, &mut random);
    }
    Some(tree.to_der())
}

/// The first edit knows the fields, the others change the tree anywhere.
fn apply(count: usize, known: &[(&str, Edit)], which: u8, tree: &mut Node, random: &mut Random) {
    match count {
        0 => known[usize::from(which & 0x1f) % known.len()].1(tree, random),
        _ => edit::anywhere(tree, random),
    }
}

/// Which and what.
fn chosen(edits: &[u8]) -> impl Iterator<Item = (u8, Random)> {
    let all = edits.as_chunks::<8>().0.iter().take(6);
    all.map(|eight| (eight[0], Random::new(u64::from_le_bytes(*eight) >> 8)))
}

fn tree(der: &[u8]) -> Option<Node> {
    Node::parse_all(der)?.pop()
}

fn wrapped(tag: u8, value: &[u8]) -> Vec<u8> {
    Node::bytes(tag, value).to_der()
}

/// Sets the algorithm on both sides and signs.
fn sign_certificate(certificate: &mut Node, by: &Key) -> Option<()> {
    let [tbs, algorithm, signature, ..] = certificate.inside().as_mut_slice() else {
        return None;
    };
    *tbs.inside().get_mut(2)? = by.algorithm();
    *algorithm = by.algorithm();
    *signature = by.sign(&tbs.to_der());
    Some(())
}

/// ResponseData, and what follows the signature.
fn basic(answer: &[u8]) -> Option<(Node, Vec<Node>)> {
    let mut whole = tree(answer)?;
    let bytes = whole.inside().get_mut(1)?.inside().first_mut()?;
    let basic = bytes.inside().get_mut(1)?.inside().first_mut()?;
    let mut parts = basic.inside().drain(..);
    let data = parts.next()?;
    Some((data, parts.skip(2).collect()))
}

/// The first of `[0] SEQUENCE OF Certificate`, if it still looks like one.
fn certificate(certificates: &mut [Node]) -> Option<&mut Node> {
    let list = &mut certificates.first_mut()?.body;
    let Body::Nodes(_, list) = list else {
        return None;
    };
    let Body::Nodes(_, all) = &mut list.first_mut()?.body else {
        return None;
    };
    let first = all.first_mut()?;
    matches!(&first.body, Body::Nodes(_, parts) if parts.len() == 3).then_some(first)
}

#[cfg(test)]
mod tests {
    use uketsuke::{
        Realm,
        simulation::{CrlSpec, OcspResponder, OcspSpec},
        trust::{
            CertIdHash, Certificate, CrlIndex, OcspRequest, RevocationAnswer, RevocationQuery,
            RevocationSource, Root,
        },
    };

    use super::*;

    #[test]
    fn what_is_signed_again_without_edits_is_good() {
        let (all, pki) = (Resigned::new(), VirtualPki::new());
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        for of in [Authority::Rsa, Authority::P384] {
            let root = Root::new(all.root(of), Realm::Simulation).unwrap();
            let leaf = Certificate::parse(all.leaf(of)).unwrap();
            let query = RevocationQuery::new(&leaf, &root).unwrap();
            let spec = CrlSpec::new(Generation::Third, now).revoking(&[7]);
            let list = all.list_of(of, &pki.crl(&spec)).unwrap();
            let list = all.edited_list(of, &list, &[]).unwrap();
            let index = CrlIndex::build(&list, &root, now).unwrap();
            assert_eq!(index.ask(&query, now), RevocationAnswer::Good);
            for (by, responder) in [
                (Responder::Root, OcspResponder::RootByName),
                (Responder::Root, OcspResponder::RootByKey),
                (Responder::Rsa, OcspResponder::DelegateByName),
                (Responder::Rsa, OcspResponder::DelegateByKey),
                (Responder::P384, OcspResponder::DelegateByKey),
            ] {
                let hash = CertIdHash::Sha1;
                let request = OcspRequest::with_nonce(&query, &root, hash, &[7; 16]).unwrap();
                let mut spec = OcspSpec::new(Generation::Third, now);
                spec.responder = responder;
                let answer = pki.ocsp_response(request.der(), &spec);
                let answer = all.answer_of(by, of, &answer).unwrap();
                let answer = all.edited_answer(by, of, &answer, &[]).unwrap();
                let said = request.verify(&answer, None, now).unwrap().said();
                assert_eq!(said, RevocationAnswer::Good);
            }
        }
    }
}
