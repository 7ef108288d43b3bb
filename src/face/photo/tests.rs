use proptest::prelude::*;

use super::{PhotoProblem, PixelFormat, check::check, decode_jpeg2000};

const RAW: &[u8] = include_bytes!("../../../tests/data/grey-lossless.j2k");
const TILES: &[u8] = include_bytes!("../../../tests/data/grey-tiles.jp2");
const IRREVERSIBLE: &[u8] = include_bytes!("../../../tests/data/grey-irreversible.jp2");
const COLOUR: &[u8] = include_bytes!("../../../tests/data/colour-lossless.jp2");
const PORTRAIT: &[u8] = include_bytes!("../../simulation/portrait.jp2");
const ALL: [&[u8]; 5] = [RAW, TILES, IRREVERSIBLE, COLOUR, PORTRAIT];

const WIDTH: u32 = 96;
const HEIGHT: u32 = 120;

/// The image that the files were made from, in component `c`.
fn sample(x: u32, y: u32, c: u32) -> u32 {
    let square = if (x / 16 + y / 16) % 2 == 1 { 40 } else { 0 };
    (x * (c + 1) + y + square).min(255)
}

fn expected(component: impl Fn(u32, u32) -> u32) -> Vec<u8> {
    (0..HEIGHT)
        .flat_map(|y| (0..WIDTH).map(move |x| (x, y)))
        .map(|(x, y)| u8::try_from(component(x, y)).unwrap())
        .collect()
}

#[test]
fn lossless_images_come_out_exactly() {
    for bytes in [RAW, TILES] {
        let image = decode_jpeg2000(bytes).unwrap();
        assert_eq!((image.width(), image.height()), (WIDTH, HEIGHT));
        assert_eq!(image.samples(), expected(|x, y| sample(x, y, 0)));
    }
}

#[test]
fn colour_stays_colour() {
    let image = decode_jpeg2000(COLOUR).unwrap();
    assert_eq!(image.format(), PixelFormat::Rgb);
    let planes: Vec<Vec<u8>> = (0..3).map(|c| expected(|x, y| sample(x, y, c))).collect();
    let rgb: Vec<u8> = (0..planes[0].len())
        .flat_map(|at| [planes[0][at], planes[1][at], planes[2][at]])
        .collect();
    assert_eq!(image.samples(), rgb);
}

#[test]
fn irreversible_images_come_near() {
    let image = decode_jpeg2000(IRREVERSIBLE).unwrap();
    let error: u64 = image
        .samples()
        .iter()
        .zip(expected(|x, y| sample(x, y, 0)))
        .map(|(a, b)| u64::from(a.abs_diff(b)).pow(2))
        .sum();
    let mean = error / u64::from(WIDTH * HEIGHT);
    assert!(mean < 64, "mean squared error {mean}");
}

#[test]
fn the_portrait_of_the_virtual_card() {
    let image = decode_jpeg2000(PORTRAIT).unwrap();
    assert_eq!((image.width(), image.height()), (378, 472));
    let at = |x: usize, y: usize| i32::from(image.samples()[y * 378 + x]);
    assert!((at(10, 10) - 226).abs() < 8, "light background");
    assert!((at(189, 90) - 52).abs() < 8, "dark hair");
    assert!((at(189, 240) - 202).abs() < 8, "face");
    assert_eq!(format!("{image:?}"), "Picture(378 x 472, Grey)");
}

/// Half a face must never come out.
#[test]
fn every_truncation_is_an_error_with_its_place() {
    for bytes in ALL {
        for len in 0..bytes.len() {
            let error = decode_jpeg2000(&bytes[..len]).unwrap_err();
            assert_eq!(error.problem, PhotoProblem::Truncated, "{len}: {error}");
            assert_eq!(error.position, len);
        }
    }
}

/// Bytes missing from the middle, with lengths that were never put right.
#[test]
fn a_gap_is_never_decoded_as_if_whole() {
    for bytes in [RAW, TILES, COLOUR] {
        for from in (0..bytes.len() - 8).step_by(3) {
            let gap = [&bytes[..from], &bytes[from + 8..]].concat();
            if let Ok(image) = decode_jpeg2000(&gap) {
                panic!("{from}: {image:?}");
            }
        }
    }
}

#[test]
fn bytes_after_the_image_are_ignored() {
    for bytes in ALL {
        let whole = decode_jpeg2000(bytes).unwrap();
        for tail in [&b"\0"[..], b"\0\0\0\0\0\0\0\0\0", b"\xFF\xFF", b"\xFF\xD9"] {
            let padded = [bytes, tail].concat();
            assert_eq!(decode_jpeg2000(&padded).unwrap().samples(), whole.samples());
        }
    }
}

#[test]
fn junk_before_the_image_is_refused_where_it_is() {
    for (junk, position) in [
        (&b"x"[..], 0),
        (b"\0", 3),
        (b"\0\0\0\x0CjP  \r\n\x87\r", 11),
    ] {
        let error = decode_jpeg2000(&[junk, PORTRAIT].concat()).unwrap_err();
        assert_eq!(
            (error.position, error.problem),
            (position, PhotoProblem::NotJpeg2000)
        );
    }
}

/// `bytes` with `new` written at `at`.
fn with(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

/// Every bomb and every excess by name: in the bare code stream SIZ's content
/// begins at 4, COD's marker is at 45 (1 component) with its content at 47.
#[test]
fn what_asks_for_too_much_is_refused_by_name() {
    use PhotoProblem::*;
    assert_eq!(RAW[45..47], [0xFF, 0x52], "the positions below hold");
    let cases: &[(&str, usize, &[u8], usize, PhotoProblem)] = &[
        (
            "60000 x 60000",
            8,
            b"\0\0\xEA\x60\0\0\xEA\x60",
            4,
            Size {
                width: 60_000,
                height: 60_000,
            },
        ),
        (
            "4294967295 wide",
            8,
            &[0xFF; 4],
            4,
            Size {
                width: u32::MAX,
                height: 120,
            },
        ),
        (
            "1025 wide",
            8,
            b"\0\0\x04\x01",
            4,
            Size {
                width: 1025,
                height: 120,
            },
        ),
        (
            "63 high",
            12,
            b"\0\0\0\x3F",
            4,
            Size {
                width: 96,
                height: 63,
            },
        ),
        (
            "nothing high",
            12,
            &[0; 4],
            4,
            Size {
                width: 96,
                height: 0,
            },
        ),
        ("1 x 1 tiles", 24, b"\0\0\0\x01\0\0\0\x01", 4, Tiles),
        ("11 x 12 tiles' size", 24, b"\0\0\0\x0B\0\0\0\x0C", 4, Tiles),
        ("0 x 0 tiles", 24, &[0; 8], 4, Segment { marker: 0xFF51 }),
        ("image offset", 16, b"\0\0\0\x01", 4, Offset),
        ("tile offset", 36, b"\0\0\0\x01", 4, Offset),
        ("no component", 40, b"\0\0", 4, Components(0)),
        ("2 components", 40, b"\0\x02", 4, Components(2)),
        ("300 components", 40, b"\x01\x2C", 4, Components(300)),
        (
            "3 components in the length of 1",
            40,
            b"\0\x03",
            4,
            Segment { marker: 0xFF51 },
        ),
        ("16 bits", 42, b"\x0F", 42, Samples),
        ("signed", 42, b"\x87", 42, Samples),
        ("subsampled", 43, b"\x02", 42, Samples),
        (
            "COC for COD",
            45,
            b"\xFF\x53",
            45,
            Marker { marker: 0xFF53 },
        ),
        (
            "PPM for COD",
            45,
            b"\xFF\x60",
            45,
            Marker { marker: 0xFF60 },
        ),
        (
            "CAP for COD",
            45,
            b"\xFF\x50",
            45,
            Marker { marker: 0xFF50 },
        ),
        ("no layer", 51, b"\0\0", 47, Layers(0)),
        ("33 layers", 51, b"\0\x21", 47, Layers(33)),
        ("65535 layers", 51, b"\xFF\xFF", 47, Layers(65535)),
        (
            "component transform of one",
            53,
            b"\x01",
            47,
            Segment { marker: 0xFF52 },
        ),
        ("7 levels", 54, b"\x07", 47, Levels(7)),
        ("255 levels", 54, b"\xFF", 47, Levels(255)),
        ("4 x 4 code blocks", 55, b"\0\0", 47, Blocks),
        ("128 x 128 code blocks", 55, b"\x05\x05", 47, Blocks),
        ("code blocks past the table", 55, b"\xFF\x02", 47, Blocks),
        (
            "unknown block style",
            57,
            b"\x40",
            47,
            Segment { marker: 0xFF52 },
        ),
        (
            "unknown wavelet",
            58,
            b"\x02",
            47,
            Segment { marker: 0xFF52 },
        ),
        (
            "precincts that aren't there",
            49,
            b"\x01",
            47,
            Segment { marker: 0xFF52 },
        ),
        (
            "unknown progression",
            50,
            b"\x05",
            47,
            Segment { marker: 0xFF52 },
        ),
    ];
    for (name, at, new, position, problem) in cases {
        let error = decode_jpeg2000(&with(RAW, *at, new)).unwrap_err();
        assert_eq!(
            (error.position, error.problem),
            (*position, *problem),
            "{name}"
        );
    }

    let long = [PORTRAIT, &vec![0; 64 * 1024]].concat();
    let error = decode_jpeg2000(&long).unwrap_err();
    let (len, max) = (long.len(), 65_536);
    assert_eq!(error.problem, TooLong { len, max });
}

#[test]
fn tile_parts_may_not_set_the_limits_aside() {
    let sot = find(RAW, &[0xFF, 0x90]);
    let sod = find(RAW, &[0xFF, 0x93]);
    // COD, COC, QCD, POC, PPT inside the tile-part's header.
    for marker in [0x52, 0x53, 0x5C, 0x5F, 0x61] {
        let mut bytes = RAW.to_vec();
        bytes.splice(sod..sod, [0xFF, marker, 0, 2]);
        let error = decode_jpeg2000(&bytes).unwrap_err();
        let marker = 0xFF00 | u16::from(marker);
        assert_eq!(
            (error.position, error.problem),
            (sod, PhotoProblem::Marker { marker })
        );
    }
    // A tile that doesn't exist; a part shorter than its header; a missing tile.
    let error = decode_jpeg2000(&with(RAW, sot + 4, &[0, 1])).unwrap_err();
    assert_eq!((error.position, error.problem), (sot, PhotoProblem::Tiles));
    let error = decode_jpeg2000(&with(RAW, sot + 6, &[0, 0, 0, 13])).unwrap_err();
    let marker = 0xFF90;
    assert_eq!(
        (error.position, error.problem),
        (sot, PhotoProblem::Segment { marker })
    );
    let last = TILES.windows(2).rposition(|w| w == [0xFF, 0x90]).unwrap();
    let error = decode_jpeg2000(&with(&to_the_end(TILES), last, &[0xFF, 0xD9])).unwrap_err();
    assert_eq!((error.position, error.problem), (last, PhotoProblem::Tiles));
    // A part that goes "to the end": nothing would show what was cut off.
    let error = decode_jpeg2000(&with(RAW, sot + 6, &[0; 4])).unwrap_err();
    assert_eq!(
        (error.position, error.problem),
        (sot, PhotoProblem::Segment { marker })
    );
}

#[test]
fn boxes_are_walked_strictly() {
    use PhotoProblem::{Box, ColourSpace, Truncated};
    // 12 signature, 20 ftyp, 45 jp2h (8 + 22 ihdr + 15 colr), then jp2c.
    let (ftyp, jp2h, ihdr, colr, jp2c) = (12, 32, 40, 62, 77);
    assert_eq!(PORTRAIT[jp2c + 4..jp2c + 8], *b"jp2c", "the positions hold");
    let problem = |bytes: &[u8]| {
        let error = decode_jpeg2000(bytes).unwrap_err();
        (error.position, error.problem)
    };
    assert_eq!(problem(&with(PORTRAIT, ftyp + 4, b"free")), (ftyp, Box));
    assert_eq!(problem(&with(PORTRAIT, jp2h + 4, b"ftyp")), (jp2h, Box));
    assert_eq!(problem(&with(PORTRAIT, jp2h + 4, b"free")), (jp2c, Box));
    assert_eq!(
        problem(&with(PORTRAIT, ihdr + 4, b"pclr")),
        (ihdr, ColourSpace)
    );
    assert_eq!(problem(&with(PORTRAIT, ftyp, &[0, 0, 0, 7])), (ftyp, Box));
    assert_eq!(
        problem(&with(PORTRAIT, jp2h, &[0xFF; 4])),
        (PORTRAIT.len(), Truncated)
    );
    assert_eq!(problem(&with(PORTRAIT, colr, &[0, 0, 0, 9])), (colr, Box));
    assert_eq!(
        problem(&with(PORTRAIT, jp2c + 4, b"free")),
        (PORTRAIT.len(), Truncated)
    );
    assert_eq!(
        problem(&with(PORTRAIT, jp2c, &[0, 0, 1, 0])),
        (jp2c + 256, Truncated)
    );
    // To the end of the file, and a long length.
    assert!(decode_jpeg2000(&with(PORTRAIT, jp2c, &[0; 4])).is_ok());
    let mut long = PORTRAIT.to_vec();
    let length = u64::try_from(PORTRAIT.len() - jp2c + 8).unwrap();
    long.splice(jp2c + 8..jp2c + 8, length.to_be_bytes());
    assert!(decode_jpeg2000(&with(&long, jp2c, &[0, 0, 0, 1])).is_ok());
    let beyond = with(&with(&long, jp2c, &[0, 0, 0, 1]), jp2c + 8, &[1]);
    assert_eq!(problem(&beyond), (jp2c, Box));
    // Three components that are said to be something else than sRGB.
    let sycc = with(COLOUR, find(COLOUR, b"colr") + 7, &[0, 0, 0, 18]);
    assert_eq!(problem(&sycc).1, ColourSpace);
}

/// Small precincts are as good a bomb as small tiles.
#[test]
fn precincts_are_counted() {
    let cod = find(TILES, &[0xFF, 0x52]);
    let (style, precincts) = (TILES[cod + 4], cod + 14);
    assert_eq!(style & 1, 1, "this file has precincts, four levels of them");
    for level in 0..4 {
        let error = decode_jpeg2000(&with(TILES, precincts + level, &[0])).err();
        // 12 tiles of 32 x 32: at full size, precincts of 1 x 1 are 12 288.
        let expected = (level == 3).then_some(PhotoProblem::Blocks);
        assert!(level < 3 || error.map(|e| e.problem) == expected);
    }
}

/// Each bit plane costs passes over the whole image.
#[test]
fn bit_planes_are_counted() {
    let qcd = find(RAW, &[0xFF, 0x5C]) + 2;
    // No quantisation, two guard bits, an exponent for each of 16 sub-bands.
    assert_eq!(RAW[qcd..qcd + 4], [0, 19, 2 << 5, 8 << 3]);
    let problem = |at: usize, new: u8| {
        let error = decode_jpeg2000(&with(RAW, at, &[new])).err();
        error.map(|error| (error.position - qcd, error.problem))
    };
    let refused = Some((0, PhotoProblem::BitPlanes));
    for band in 0..16 {
        assert_ne!(problem(qcd + 3 + band, 17 << 3), refused, "{band}");
        assert_eq!(problem(qcd + 3 + band, 18 << 3), refused, "{band}");
        assert_eq!(problem(qcd + 3 + band, 31 << 3), refused, "{band}");
    }
    // The finest sub-bands have 10 bits.
    assert_eq!(problem(qcd + 2, 7 << 5), None);
    let most = (0..16).map(|band| RAW[qcd + 3 + band] >> 3).max();
    assert_eq!(most, Some(10));
    // Steps are pairs of bytes: 16 are 8 pairs. An unknown style.
    let marker = 0xFF5C;
    let senseless = Some((0, PhotoProblem::Segment { marker }));
    assert_eq!(problem(qcd + 2, 2 << 5 | 3), senseless);
    assert_eq!(problem(qcd + 1, 2), senseless);
}

/// The code stream's box made to reach to the end of the file.
fn to_the_end(bytes: &[u8]) -> Vec<u8> {
    with(bytes, find(bytes, b"jp2c") - 4, &[0; 4])
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|w| w == what).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is changed: no panic, and the size stays within the limits.
    #[test]
    fn changed_images_decode_or_fail(
        which in 0..ALL.len() - 1,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = ALL[which].to_vec();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(image) = decode_jpeg2000(&bytes) {
            prop_assert!((64..=1024).contains(&image.width()));
            prop_assert!((64..=1024).contains(&image.height()));
            let pixels = usize::try_from(image.width() * image.height()).unwrap();
            prop_assert_eq!(image.samples().len(), pixels * image.format().samples());
        }
    }

    #[test]
    fn any_bytes_are_checked_without_panic(tail in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = check(&tail);
        let _ = check(&[&b"\xFF\x4F\xFF\x51"[..], &tail].concat());
        let _ = check(&[&PORTRAIT[..32], &tail].concat());
    }
}

/// Cut off inside the image data, with every length put right afterwards. The
/// strict decoder misses the packets.
#[test]
fn a_cut_that_was_patched_up_is_refused() {
    let sot = find(RAW, &[0xFF, 0x90]);
    let data = find(RAW, &[0xFF, 0x93]) + 2;
    for cut in (data + 1..RAW.len() - 2).step_by(7) {
        let length = u32::try_from(cut - sot).unwrap();
        let patched = with(RAW, sot + 6, &length.to_be_bytes());
        let patched = [&patched[..cut], &[0xFF, 0xD9]].concat();
        let error = decode_jpeg2000(&patched).unwrap_err();
        assert_eq!(error.problem, PhotoProblem::Undecodable, "{cut}");
    }
}
