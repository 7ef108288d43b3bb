//! Looks at the structure of JPEG 2000 before a decoder does. Linear in the
//! length; allocates nothing.

use super::{PhotoError, PhotoProblem};

const MAX_LEN: usize = 64 * 1024;
const MIN_SIDE: u32 = 64;
const MAX_SIDE: u32 = 1024;
const MAX_TILES: u32 = 64;
const MAX_LAYERS: u16 = 32;
const MAX_LEVELS: u8 = 6;
/// Exponent of two of the smallest side of a code block. The decoder keeps books
/// for each block and each precinct in each layer.
const MIN_BLOCK: u8 = 4;
/// In all tiles, components and levels. A photo of 1024 x 1024 in colour with
/// precincts of 64 x 64 has about 1000.
const MAX_PRECINCTS: u64 = 4096;
/// Of a sub-band, E.1: each one may cost the decoder three passes over the image, whatever is in it. Samples of 8 bits need 8, 2 for the
/// wavelet's gain and 1 for the colours', finer steps in the irreversible case up to 5 more, and a spare one or two.
const MAX_BIT_PLANES: u8 = 18;

const SOC: u16 = 0xFF4F;
const SIZ: u16 = 0xFF51;
const COD: u16 = 0xFF52;
const TLM: u16 = 0xFF55;
const PLT: u16 = 0xFF58;
const QCD: u16 = 0xFF5C;
const QCC: u16 = 0xFF5D;
const CRG: u16 = 0xFF63;
const COM: u16 = 0xFF64;
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;

/// A code stream whose headers ask for no more than a portrait needs.
pub(super) struct Checked<'a> {
    /// From SOC to EOC.
    pub(super) codestream: &'a [u8],
    /// Where that begins in what was given.
    pub(super) position: usize,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: u16,
}

pub(super) fn check(bytes: &[u8]) -> Result<Checked<'_>, PhotoError> {
    if bytes.len() > MAX_LEN {
        let problem = PhotoProblem::TooLong {
            len: bytes.len(),
            max: MAX_LEN,
        };
        return Err(PhotoError {
            position: MAX_LEN,
            problem,
        });
    }
    let mut cursor = Cursor { bytes, at: 0 };
    let (from, colour) = if bytes.first() == Some(&0xFF) {
        (0, None)
    } else {
        to_codestream(&mut cursor)?
    };
    let checked = codestream(&mut cursor, from)?;
    if checked.components == 3 && colour.is_some_and(|c| c != Colour::Rgb) {
        return Err(PhotoError {
            position: from,
            problem: PhotoProblem::ColourSpace,
        });
    }
    Ok(checked)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Colour {
    Rgb,
    /// Grey, or something that only one component can be taken for.
    Other,
}

/// Walks the boxes up to the code stream, leaves the cursor there, limited to the
/// box, and says where that is and which colours the header names.
fn to_codestream(cursor: &mut Cursor<'_>) -> Result<(usize, Option<Colour>), PhotoError> {
    const SIGNATURE: &[u8] = b"\0\0\0\x0CjP  \r\n\x87\n";
    for expected in SIGNATURE {
        let at = cursor.at;
        if cursor.u8()? != *expected {
            return Err(PhotoError {
                position: at,
                problem: PhotoProblem::NotJpeg2000,
            });
        }
    }
    let mut colour = None;
    let mut first = true;
    loop {
        let at = cursor.at;
        let (kind, end) = box_header(cursor)?;
        let malformed = PhotoError {
            position: at,
            problem: PhotoProblem::Box,
        };
        if first != (kind == *b"ftyp") {
            return Err(malformed);
        }
        first = false;
        match &kind {
            b"jp2c" => {
                if colour.is_none() {
                    return Err(malformed);
                }
                cursor.limit(end);
                return Ok((cursor.at, colour));
            }
            b"jp2h" => {
                if colour.is_some() {
                    return Err(malformed);
                }
                let mut header = Cursor {
                    bytes: cursor.bytes,
                    at: cursor.at,
                };
                header.limit(end);
                colour = Some(colour_of(&mut header)?);
            }
            _ => {}
        }
        cursor.at = end;
    }
}

/// Looks through the boxes of the JP2 header.
fn colour_of(header: &mut Cursor<'_>) -> Result<Colour, PhotoError> {
    let mut colour = None;
    while header.at < header.bytes.len() {
        let at = header.at;
        let (kind, end) = box_header(header)?;
        match &kind {
            // A palette makes indices of the samples.
            b"pclr" | b"cmap" => {
                return Err(PhotoError {
                    position: at,
                    problem: PhotoProblem::ColourSpace,
                });
            }
            // METH 1, then PREC, APPROX and EnumCS 16 (sRGB). The first one counts.
            b"colr" if colour.is_none() => {
                let method = header.u8()?;
                header.u16()?;
                colour = Some(if method == 1 && header.u32()? == 16 {
                    Colour::Rgb
                } else {
                    Colour::Other
                });
                if header.at > end {
                    return Err(PhotoError {
                        position: at,
                        problem: PhotoProblem::Box,
                    });
                }
            }
            _ => {}
        }
        header.at = end;
    }
    Ok(colour.unwrap_or(Colour::Other))
}

/// Type and end of a box; the cursor is left at its content.
fn box_header(cursor: &mut Cursor<'_>) -> Result<([u8; 4], usize), PhotoError> {
    let at = cursor.at;
    let length = cursor.u32()?;
    let kind = cursor.u32()?.to_be_bytes();
    let length = match length {
        // To the end of the file.
        0 => Some(cursor.bytes.len() - at),
        1 => {
            let high = cursor.u32()?;
            let low = cursor.u32()?;
            (high == 0).then_some(low as usize)
        }
        length => Some(length as usize),
    };
    let end = length
        .and_then(|length| at.checked_add(length))
        .filter(|end| *end >= cursor.at)
        .ok_or(PhotoError {
            position: at,
            problem: PhotoProblem::Box,
        })?;
    if end > cursor.bytes.len() {
        return Err(cursor.truncated());
    }
    Ok((kind, end))
}

fn codestream<'a>(cursor: &mut Cursor<'a>, from: usize) -> Result<Checked<'a>, PhotoError> {
    cursor.marker(SOC)?;
    cursor.marker(SIZ)?;
    let size = siz(cursor)?;
    let (mut cod_seen, mut qcd_seen) = (false, false);
    loop {
        let at = cursor.at;
        let marker = cursor.u16()?;
        let refused = PhotoError {
            position: at,
            problem: PhotoProblem::Marker { marker },
        };
        match marker {
            COD if !cod_seen => {
                cod_seen = true;
                cod(cursor, &size)?;
            }
            QCD if !qcd_seen => {
                qcd_seen = true;
                quantisation(cursor, marker)?;
            }
            QCC if size.components == 3 => quantisation(cursor, marker)?,
            TLM | CRG | COM => cursor.skip_segment(marker)?,
            SOT if cod_seen && qcd_seen => {
                cursor.at = at;
                break;
            }
            // Also COC, RGN, POC, PPM: those set the limits of COD aside.
            _ => return Err(refused),
        }
    }
    tile_parts(cursor, size.tiles)?;
    let codestream = cursor.bytes.get(from..cursor.at).unwrap_or_default();
    Ok(Checked {
        codestream,
        position: from,
        width: size.width,
        height: size.height,
        components: size.components,
    })
}

struct Size {
    width: u32,
    height: u32,
    components: u16,
    tiles: u32,
    tile_width: u32,
    tile_height: u32,
}

impl Size {
    /// Precincts of all tiles and components, `level` decompositions below full
    /// size (B.6), at most.
    fn precincts_at(&self, level: u32, exponents: u8) -> u64 {
        let along = |tile: u32, exponent: u8| {
            // One more, since the grid needn't begin where the tile does.
            (u64::from(tile.div_ceil(1 << level)) >> exponent) + 2
        };
        along(self.tile_width, exponents & 0x0F)
            * along(self.tile_height, exponents >> 4)
            * u64::from(self.tiles)
            * u64::from(self.components)
    }
}

/// Image and tile size (A.5.1).
fn siz(cursor: &mut Cursor<'_>) -> Result<Size, PhotoError> {
    let position = cursor.at;
    let refuse = |problem| Err(PhotoError { position, problem });
    let length = cursor.u16()?;
    cursor.u16()?; // capabilities: what isn't in part 1 needs markers that are refused
    let (width, height) = (cursor.u32()?, cursor.u32()?);
    let offsets = (cursor.u32()?, cursor.u32()?);
    let (tile_width, tile_height) = (cursor.u32()?, cursor.u32()?);
    let tile_offsets = (cursor.u32()?, cursor.u32()?);
    let components = cursor.u16()?;
    if offsets != (0, 0) || tile_offsets != (0, 0) {
        return refuse(PhotoProblem::Offset);
    }
    let sides = MIN_SIDE..=MAX_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) {
        return refuse(PhotoProblem::Size { width, height });
    }
    if components != 1 && components != 3 {
        return refuse(PhotoProblem::Components(components));
    }
    if length != 38 + 3 * components {
        return refuse(PhotoProblem::Segment { marker: SIZ });
    }
    if tile_width == 0 || tile_height == 0 {
        return refuse(PhotoProblem::Segment { marker: SIZ });
    }
    let tiles = width.div_ceil(tile_width) * height.div_ceil(tile_height);
    if tiles > MAX_TILES {
        return refuse(PhotoProblem::Tiles);
    }
    for _ in 0..components {
        let position = cursor.at;
        if (cursor.u8()?, cursor.u8()?, cursor.u8()?) != (7, 1, 1) {
            return Err(PhotoError {
                position,
                problem: PhotoProblem::Samples,
            });
        }
    }
    Ok(Size {
        width,
        height,
        components,
        tiles,
        tile_width: tile_width.min(width),
        tile_height: tile_height.min(height),
    })
}

/// Coding style default (A.6.1).
fn cod(cursor: &mut Cursor<'_>, size: &Size) -> Result<(), PhotoError> {
    let position = cursor.at;
    let refuse = |problem| Err(PhotoError { position, problem });
    let senseless = PhotoProblem::Segment { marker: COD };
    let length = cursor.u16()?;
    let style = cursor.u8()?;
    let progression = cursor.u8()?;
    let layers = cursor.u16()?;
    let component_transform = cursor.u8()?;
    let levels = cursor.u8()?;
    let (block_width, block_height) = (cursor.u8()?, cursor.u8()?);
    let block_style = cursor.u8()?;
    let wavelet = cursor.u8()?;
    if layers == 0 || layers > MAX_LAYERS {
        return refuse(PhotoProblem::Layers(layers));
    }
    if levels > MAX_LEVELS {
        return refuse(PhotoProblem::Levels(levels));
    }
    // Exponents less two; 4096 samples at most (table A.18).
    let sides = MIN_BLOCK - 2..=8;
    if !sides.contains(&block_width)
        || !sides.contains(&block_height)
        || block_width + block_height > 8
    {
        return refuse(PhotoProblem::Blocks);
    }
    let precincts = if style & 1 == 1 {
        u16::from(levels) + 1
    } else {
        0
    };
    if style > 7
        || progression > 4
        || component_transform > 1
        || (component_transform == 1 && size.components != 3)
        || block_style > 0x3F
        || wavelet > 1
        || length != 12 + precincts
    {
        return refuse(senseless);
    }
    let mut all = 0;
    for level in (0..precincts).rev() {
        let exponents = cursor.u8()?;
        all += size.precincts_at(u32::from(level), exponents);
    }
    if all > MAX_PRECINCTS {
        return refuse(PhotoProblem::Blocks);
    }
    Ok(())
}

/// Quantisation default (A.6.4), or that of a component (A.6.5), which begins with its number.
fn quantisation(cursor: &mut Cursor<'_>, marker: u16) -> Result<(), PhotoError> {
    let position = cursor.at;
    cursor.skip_segment(marker)?;
    let mut segment = Cursor {
        bytes: cursor.bytes,
        at: position + 2,
    };
    segment.limit(cursor.at);
    let refuse = |problem| Err(PhotoError { position, problem });
    let senseless = PhotoError {
        position,
        problem: PhotoProblem::Segment { marker },
    };
    let mut byte = || segment.u8().map_err(|_| senseless);
    if marker == QCC {
        byte()?;
    }
    let style = byte()?;
    let guard_bits = style >> 5;
    // Without quantisation a byte for each sub-band, else two; the exponent is in the first one's upper five bits.
    let two = match style & 0x1F {
        0 => false,
        1 | 2 => true,
        _ => return Err(senseless),
    };
    let mut left = cursor.at.saturating_sub(segment.at);
    while left > 0 {
        let exponent = segment.u8().map_err(|_| senseless)? >> 3;
        if two {
            segment.u8().map_err(|_| senseless)?;
        }
        if (guard_bits + exponent).saturating_sub(1) > MAX_BIT_PLANES {
            return refuse(PhotoProblem::BitPlanes);
        }
        left = cursor.at.saturating_sub(segment.at);
    }
    Ok(())
}

/// Walks the tile-parts up to EOC and leaves the cursor after it.
fn tile_parts(cursor: &mut Cursor<'_>, tiles: u32) -> Result<(), PhotoError> {
    let mut seen = 0_u64;
    loop {
        let start = cursor.at;
        let missing = PhotoError {
            position: start,
            problem: PhotoProblem::Tiles,
        };
        let marker = cursor.u16()?;
        if marker == EOC {
            // 64 tiles at most, so a bit for each.
            return if seen.count_ones() == tiles {
                Ok(())
            } else {
                Err(missing)
            };
        }
        if marker != SOT {
            return Err(PhotoError {
                position: start,
                problem: PhotoProblem::Marker { marker },
            });
        }
        let (length, tile, part_length) = (cursor.u16()?, cursor.u16()?, cursor.u32()?);
        cursor.u16()?; // number of this part, and of parts
        if length != 10 {
            return Err(PhotoError {
                position: start,
                problem: PhotoProblem::Segment { marker },
            });
        }
        if u32::from(tile) >= tiles {
            return Err(missing);
        }
        seen |= 1 << tile;
        tile_header(cursor)?;
        // 0 would mean "to the end of the stream", where nothing shows what was
        // cut off (A.4.2). The decoder's strict mode refuses it too.
        let end = start
            .checked_add(part_length as usize)
            .filter(|end| *end >= cursor.at)
            .ok_or(PhotoError {
                position: start,
                problem: PhotoProblem::Segment { marker },
            })?;
        if end > cursor.bytes.len() {
            return Err(cursor.truncated());
        }
        cursor.at = end;
    }
}

/// From after SOT to after SOD.
fn tile_header(cursor: &mut Cursor<'_>) -> Result<(), PhotoError> {
    loop {
        let position = cursor.at;
        match cursor.u16()? {
            SOD => return Ok(()),
            marker @ (PLT | COM) => cursor.skip_segment(marker)?,
            // Also COD, COC, QCD, RGN, POC, PPT, which would set aside what was
            // checked in the main header.
            marker => {
                return Err(PhotoError {
                    position,
                    problem: PhotoProblem::Marker { marker },
                });
            }
        }
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], PhotoError> {
        let taken = self
            .bytes
            .get(self.at..)
            .and_then(|rest| rest.first_chunk::<N>())
            .ok_or(self.truncated())?;
        self.at += N;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, PhotoError> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Result<u16, PhotoError> {
        self.take().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, PhotoError> {
        self.take().map(u32::from_be_bytes)
    }

    fn marker(&mut self, expected: u16) -> Result<(), PhotoError> {
        let position = self.at;
        let marker = self.u16()?;
        if marker == expected {
            Ok(())
        } else {
            Err(PhotoError {
                position,
                problem: PhotoProblem::Marker { marker },
            })
        }
    }

    /// Skips the length and what it covers (itself included).
    fn skip_segment(&mut self, marker: u16) -> Result<(), PhotoError> {
        let position = self.at;
        let length = self.u16()?;
        if length < 2 {
            return Err(PhotoError {
                position,
                problem: PhotoProblem::Segment { marker },
            });
        }
        let end = position + usize::from(length);
        if end > self.bytes.len() {
            return Err(self.truncated());
        }
        self.at = end;
        Ok(())
    }

    /// Makes `end` the end of what can be read.
    fn limit(&mut self, end: usize) {
        self.bytes = self.bytes.get(..end).unwrap_or(self.bytes);
    }

    /// The end of the input is where something is missing.
    fn truncated(&self) -> PhotoError {
        PhotoError {
            position: self.bytes.len(),
            problem: PhotoProblem::Truncated,
        }
    }
}
