//! Reading a certificate takes no memory: whatever a card sends, it can't make the reader allocate.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    hint::black_box,
};

use uketsuke::{
    simulation::{CertificateSpec, Defect, Generation, VirtualPki},
    trust::Certificate,
};

/// The system's allocator, counting for each thread.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    // Gone at the end of a thread, where nothing is measured.
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the same.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the same.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often memory was asked for.
fn allocations<T>(work: impl FnOnce() -> T) -> usize {
    let before = COUNT.get();
    black_box(work());
    COUNT.get() - before
}

fn all() -> Vec<(String, Vec<u8>)> {
    let pki = VirtualPki::new();
    let mut spec = CertificateSpec {
        serial: 0x0500_0001,
        common_name: "000001SIM0000000000003A".into(),
        not_before: "2024-05-01T01:02:03Z".parse().unwrap(),
        not_after: "2029-04-01T14:59:59Z".parse().unwrap(),
        generation: Generation::Third,
        defect: None,
    };
    let mut out = vec![
        ("leaf".to_owned(), pki.authentication_certificate(&spec)),
        ("signing".to_owned(), pki.signing_certificate(&spec)),
    ];
    for (number, root) in [
        &include_bytes!("../src/trust/anchors/authca01.cer")[..],
        include_bytes!("../src/trust/anchors/authca02.cer"),
        include_bytes!("../src/trust/anchors/authca03.cer"),
        include_bytes!("../src/trust/anchors/signca01.cer"),
        include_bytes!("../src/trust/anchors/signca02.cer"),
        include_bytes!("../src/trust/anchors/signca03.cer"),
    ]
    .into_iter()
    .enumerate()
    {
        out.push((format!("root {number}"), root.to_vec()));
    }
    for defect in Defect::ALL {
        spec.defect = Some(defect);
        let der = pki.authentication_certificate(&spec);
        out.push((format!("{defect:?}"), der));
        out.push((
            format!("root {defect:?}"),
            pki.broken_root(Generation::First, defect),
        ));
    }
    out
}

#[test]
fn reading_a_certificate_allocates_nothing() {
    // The counter counts.
    assert_eq!(allocations(|| vec![1u8; 10]), 1);
    let mut read = 0;
    for (name, der) in all() {
        let found = allocations(|| {
            let certificate = Certificate::parse(black_box(&der));
            if let Ok(certificate) = &certificate {
                black_box((
                    certificate.serial().len(),
                    certificate.subject().len(),
                    certificate.not_after(),
                    certificate.digest(),
                ));
                read += 1;
            }
            certificate.is_ok()
        });
        assert_eq!(found, 0, "{name}");
    }
    assert!(read > 100, "{read}");
}

#[test]
fn cut_and_changed_certificates_allocate_nothing_either() {
    let (_, good) = all().swap_remove(0);
    for len in 0..good.len() {
        let found = allocations(|| Certificate::parse(black_box(&good[..len])).is_ok());
        assert_eq!(found, 0, "{len} bytes");
    }
    let mut der = good;
    for at in 0..der.len() {
        for bit in 0..8 {
            der[at] ^= 1 << bit;
            let found = allocations(|| Certificate::parse(black_box(&der)).is_ok());
            assert_eq!(found, 0, "byte {at} bit {bit}");
            der[at] ^= 1 << bit;
        }
    }
}
