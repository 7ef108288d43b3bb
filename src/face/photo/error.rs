use thiserror::Error;

/// The photo can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("photo, byte {position}: {problem}")]
pub struct PhotoError {
    /// Where, in bytes from the start of what was given.
    pub position: usize,
    /// What.
    pub problem: PhotoProblem,
}

/// What is wrong with a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PhotoProblem {
    /// Longer than 64 KiB.
    #[error("{len} bytes, at most {max} are decoded")]
    TooLong {
        /// Bytes given.
        len: usize,
        /// Bytes decoded at most.
        max: usize,
    },
    /// Neither a JP2 file nor a JPEG 2000 code stream.
    #[error("this is not JPEG 2000")]
    NotJpeg2000,
    /// It ends too early. Read the photo again.
    #[error("cut off; read the photo again")]
    Truncated,
    /// A box of the JP2 file is malformed or at the wrong place (ISO/IEC 15444-1,
    /// annex I).
    #[error("malformed JP2 box")]
    Box,
    /// A palette, or a colour space other than grey and sRGB.
    #[error("only grey and sRGB are decoded")]
    ColourSpace,
    /// A marker that is unknown, misplaced, repeated or not needed for a portrait
    /// (ISO/IEC 15444-1, annex A).
    #[error("marker {marker:04X} is not accepted here")]
    Marker {
        /// The two bytes of the marker.
        marker: u16,
    },
    /// A marker segment's length or content contradicts itself.
    #[error("marker segment {marker:04X} makes no sense")]
    Segment {
        /// The two bytes of the marker.
        marker: u16,
    },
    /// Smaller or larger than a portrait.
    #[error("{width} x {height} pixels, 64 to 1024 each way are decoded")]
    Size {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The image or its tiles don't begin at the corner of the grid.
    #[error("image or tile offset, none is accepted")]
    Offset,
    /// Neither 1 nor 3 components.
    #[error("{0} components, 1 or 3 are decoded")]
    Components(u16),
    /// Not 8 bits, unsigned, without subsampling.
    #[error("only unsigned components of 8 bits without subsampling are decoded")]
    Samples,
    /// More than 64 tiles, or a tile is missing.
    #[error("tiles: at most 64 are decoded, and all must be there")]
    Tiles,
    /// No quality layer, or more than 32.
    #[error("{0} quality layers, 1 to 32 are decoded")]
    Layers(u16),
    /// More than 6 decomposition levels.
    #[error("{0} decomposition levels, at most 6 are decoded")]
    Levels(u8),
    /// Code blocks or precincts so small that they would cost memory for nothing,
    /// or larger than the standard allows.
    #[error("code blocks or precincts of a size that is not accepted")]
    Blocks,
    /// More than 18 bit planes in a sub-band, for samples of 8 bits.
    #[error("more bit planes than samples of 8 bits need; at most 18 are decoded")]
    BitPlanes,
    /// The structure is right but the decoder refuses the content.
    #[error("the image data is damaged")]
    Undecodable,
}
