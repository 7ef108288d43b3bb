//! Code streams made by hand: a few hundred bytes that ask for gigabytes, and the dearest that are still decoded.

/// What the headers say. It is put together as it stands, true or not.
#[derive(Clone)]
pub struct Stream {
    pub width: u32,
    pub height: u32,
    pub tile: (u32, u32),
    pub components: u16,
    pub layers: u16,
    pub levels: u8,
    /// Exponents of two.
    pub block: (u8, u8),
    pub block_style: u8,
    pub irreversible: bool,
    /// Exponents of two of each precinct, for each level from the lowest; the largest without.
    pub precincts: Option<Vec<u8>>,
    pub guard_bits: u8,
    pub exponent: u8,
}

impl Default for Stream {
    /// 1024 x 1024 in colour, one tile, one layer, no level.
    fn default() -> Self {
        Self {
            width: 1024,
            height: 1024,
            tile: (1024, 1024),
            components: 3,
            layers: 1,
            levels: 0,
            block: (6, 6),
            block_style: 0,
            irreversible: false,
            precincts: None,
            guard_bits: 2,
            exponent: 8,
        }
    }
}

impl Stream {
    /// Main header (A.5, A.6).
    fn header(&self) -> Vec<u8> {
        let mut out = vec![0xFF, 0x4F, 0xFF, 0x51];
        out.extend((38_u32 + 3 * u32::from(self.components)).to_be_bytes()[2..].iter());
        out.extend([0, 0]);
        for number in [
            self.width,
            self.height,
            0,
            0,
            self.tile.0,
            self.tile.1,
            0,
            0,
        ] {
            out.extend(number.to_be_bytes());
        }
        out.extend(self.components.to_be_bytes());
        out.extend([7, 1, 1].repeat(usize::from(self.components)));
        let precincts = self.precincts.clone().unwrap_or_default();
        let length = u16::try_from(12 + precincts.len()).unwrap();
        out.extend([0xFF, 0x52]);
        out.extend(length.to_be_bytes());
        out.extend([u8::from(self.precincts.is_some()), 0]);
        out.extend(self.layers.to_be_bytes());
        out.extend([0, self.levels, self.block.0 - 2, self.block.1 - 2]);
        out.extend([self.block_style, u8::from(!self.irreversible)]);
        out.extend(precincts);
        // QCD: without quantisation an exponent for each sub-band, otherwise one step for all.
        let bands = 3 * u16::from(self.levels) + 1;
        out.extend([0xFF, 0x5C]);
        if self.irreversible {
            out.extend([0, 5, self.guard_bits << 5 | 1, self.exponent << 3, 0]);
        } else {
            out.extend((3 + bands).to_be_bytes());
            out.push(self.guard_bits << 5);
            out.extend([self.exponent << 3].repeat(usize::from(bands)));
        }
        out
    }

    pub fn tiles(&self) -> u32 {
        self.width.div_ceil(self.tile.0) * self.height.div_ceil(self.tile.1)
    }

    /// The whole stream, `data` being every tile's. `tiles` may be fewer than there have to be.
    pub fn with_tiles(&self, tiles: u32, data: &[u8]) -> Vec<u8> {
        let mut out = self.header();
        for tile in 0..tiles {
            out.extend([0xFF, 0x90, 0, 10]);
            out.extend(u16::try_from(tile).unwrap().to_be_bytes());
            out.extend(u32::try_from(14 + data.len()).unwrap().to_be_bytes());
            out.extend([0, 1, 0xFF, 0x93]);
            out.extend(data);
        }
        out.extend([0xFF, 0xD9]);
        out
    }

    /// Each tile of `packets` packets that say that nothing is in them.
    pub fn empty(&self, packets: usize) -> Vec<u8> {
        self.with_tiles(self.tiles(), &vec![0; packets])
    }

    /// Every code block in the one packet of its component, with `passes` coding passes (6 to 164) over `length` bytes (below 64)
    /// of `fill`. One layer, no levels, tiles that are whole; no bypass.
    pub fn heavy(&self, passes: u8, length: u8, fill: impl Fn(usize) -> u8) -> Vec<u8> {
        assert_eq!((self.layers, self.levels, self.block_style & 1), (1, 0, 0));
        let columns = self.tile.0 >> self.block.0;
        let rows = self.tile.1 >> self.block.1;
        // Passes of each codeword segment, and its bytes (B.10.7).
        let segments: Vec<(u8, u8)> = match self.block_style & 4 {
            0 => vec![(passes, length)],
            _ => (0..passes).map(|_| (1, length.div_ceil(passes))).collect(),
        };
        let block: usize = segments.iter().map(|(_, len)| usize::from(*len)).sum();
        let mut data = Vec::new();
        for _ in 0..self.components {
            let mut bits = Bits::default();
            bits.put(1, 1);
            for y in 0..rows {
                for x in 0..columns {
                    // Both tag trees have 0 everywhere: a bit for each node that is seen for the first time.
                    let first_seen = new_nodes(x, y, columns, rows);
                    bits.put((1 << first_seen) - 1, first_seen);
                    bits.put((1 << first_seen) - 1, first_seen);
                    match passes {
                        37.. => bits.put(0x1FF << 7 | u32::from(passes - 37), 16),
                        _ => bits.put(0xF << 5 | u32::from(passes - 6), 9),
                    }
                    // Nothing added to the three bits of a length, so it has three and the passes' logarithm.
                    bits.put(0, 1);
                    for (passes, length) in &segments {
                        bits.put(u32::from(*length), 3 + passes.ilog2());
                    }
                }
            }
            data.extend(bits.finish());
            let all = usize::try_from(columns * rows).unwrap() * block;
            data.extend((0..all).map(&fill));
        }
        self.with_tiles(self.tiles(), &data)
    }
}

fn new_nodes(x: u32, y: u32, columns: u32, rows: u32) -> u32 {
    let mut nodes = 0;
    let mut level = 0;
    loop {
        let low = (1 << level) - 1;
        nodes += u32::from(x & low == 0 && y & low == 0);
        if columns.max(rows).div_ceil(1 << level) <= 1 {
            return nodes;
        }
        level += 1;
    }
}

/// A packet's header: after a byte of 0xFF the next has seven bits (B.10.1).
#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    byte: u8,
    used: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            let room = if self.out.last() == Some(&0xFF) { 7 } else { 8 };
            self.byte = self.byte << 1 | u8::from(value >> at & 1 == 1);
            self.used += 1;
            if self.used == room {
                self.out.push(self.byte);
                (self.byte, self.used) = (0, 0);
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        while self.used != 0 || self.out.last() == Some(&0xFF) {
            self.put(0, 1);
        }
        self.out
    }
}

/// Refused, by what of them is too much.
pub fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let all = Stream::default();
    let grey = Stream {
        width: 240,
        height: 320,
        tile: (240, 320),
        components: 1,
        levels: 5,
        ..Stream::default()
    };
    vec![
        (
            "60000 x 60000",
            Stream {
                width: 60_000,
                height: 60_000,
                tile: (60_000, 60_000),
                ..all.clone()
            }
            .empty(3),
        ),
        (
            "4294967295 x 4294967295",
            Stream {
                width: u32::MAX,
                height: u32::MAX,
                tile: (u32::MAX, u32::MAX),
                ..all.clone()
            }
            .empty(3),
        ),
        (
            "1025 x 1024",
            Stream {
                width: 1025,
                tile: (1025, 1024),
                ..all.clone()
            }
            .empty(3),
        ),
        (
            "1024 x 1024 in tiles of 1 x 1",
            Stream {
                tile: (1, 1),
                ..all.clone()
            }
            .with_tiles(64, &[0; 3]),
        ),
        (
            "65 tiles",
            Stream {
                width: 65,
                height: 64,
                tile: (1, 64),
                ..all.clone()
            }
            .with_tiles(65, &[0; 3]),
        ),
        (
            "300 components",
            Stream {
                components: 300,
                ..all.clone()
            }
            .empty(300),
        ),
        (
            "16384 components",
            Stream {
                components: 16_384,
                ..all.clone()
            }
            .empty(300),
        ),
        (
            "4 components",
            Stream {
                components: 4,
                ..all.clone()
            }
            .empty(4),
        ),
        (
            "65535 layers",
            Stream {
                layers: 65_535,
                ..grey.clone()
            }
            .empty(20_000),
        ),
        (
            "33 layers",
            Stream {
                layers: 33,
                ..grey.clone()
            }
            .empty(33 * 6),
        ),
        (
            "32 levels",
            Stream {
                levels: 32,
                ..grey.clone()
            }
            .empty(33),
        ),
        (
            "7 levels",
            Stream {
                levels: 7,
                ..grey.clone()
            }
            .empty(8),
        ),
        (
            "code blocks of 4 x 4",
            Stream {
                block: (2, 2),
                ..all.clone()
            }
            .empty(3),
        ),
        (
            "precincts of 1 x 1",
            Stream {
                precincts: Some(vec![0]),
                ..all.clone()
            }
            .empty(30_000),
        ),
        (
            "precincts of 2 x 2 in 6 levels",
            Stream {
                levels: 6,
                precincts: Some(vec![0x11; 7]),
                ..all.clone()
            }
            .empty(30_000),
        ),
        (
            "precincts of 16 x 16",
            Stream {
                precincts: Some(vec![0x44]),
                ..all.clone()
            }
            .empty(30_000),
        ),
        ("64 KiB and a byte", {
            let mut long = all.empty(3);
            long.resize(64 * 1024 + 1, 0);
            long
        }),
        ("cut off", {
            let whole = grey.empty(6);
            whole[..whole.len() - 3].to_vec()
        }),
        (
            "37 bit planes",
            Stream {
                guard_bits: 7,
                exponent: 31,
                ..all.clone()
            }
            .heavy(37, 0, |_| 0),
        ),
        (
            "19 bit planes",
            Stream {
                exponent: 18,
                ..all.clone()
            }
            .heavy(55, 0, |_| 0),
        ),
    ]
}

/// The dearest that are decoded, or might be.
pub fn dear() -> Vec<(String, Vec<u8>)> {
    let all = Stream::default();
    let mut out = vec![
        ("1024 x 1024 RGB, nothing in it".to_owned(), all.empty(3)),
        (
            "64 tiles, 32 layers, 6 levels, blocks of 16 x 16, nothing in it".to_owned(),
            Stream {
                tile: (128, 128),
                layers: 32,
                levels: 6,
                block: (4, 4),
                ..all.clone()
            }
            .empty(32 * 7 * 3),
        ),
        (
            "1 tile, 32 layers, 6 levels, blocks of 16 x 16, nothing in it".to_owned(),
            Stream {
                layers: 32,
                levels: 6,
                block: (4, 4),
                ..all.clone()
            }
            .empty(32 * 7 * 3),
        ),
        (
            "1 tile, 32 layers, precincts of 64 x 64, blocks of 16 x 16, nothing in it".to_owned(),
            Stream {
                layers: 32,
                block: (4, 4),
                precincts: Some(vec![0x66]),
                ..all.clone()
            }
            .empty(32 * 256 * 3),
        ),
        (
            "nearly all of its packets missing".to_owned(),
            Stream {
                layers: 32,
                levels: 6,
                ..all.clone()
            }
            .empty(1),
        ),
        (
            "packets missing, in 64 tiles of 32 layers".to_owned(),
            Stream {
                tile: (128, 128),
                layers: 32,
                levels: 6,
                block: (4, 4),
                ..all.clone()
            }
            .empty(600),
        ),
        (
            "packets missing, in 4000 precincts of 32 layers".to_owned(),
            Stream {
                layers: 32,
                block: (4, 4),
                precincts: Some(vec![0x55]),
                ..all.clone()
            }
            .empty(50_000),
        ),
    ];
    // Nearly the most that a block's bits can be asked for, in image data that means nothing.
    for style in [0, 0x3A, 0x04] {
        for length in [0, 20] {
            let planes = 18;
            let stream = Stream {
                guard_bits: 2,
                exponent: planes - 1,
                block_style: style,
                ..all.clone()
            };
            let bytes = stream.heavy(3 * planes - 2, length, |at| {
                (at * 167 % 251).to_le_bytes()[0]
            });
            let name =
                format!("{planes} bit planes, blocks of style {style:#04x}, {length} bytes each");
            out.push((name, bytes));
        }
    }
    out
}
