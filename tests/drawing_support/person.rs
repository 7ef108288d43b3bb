use super::Numbers;

type Colour = [f64; 3];

/// A drawn person. Lengths are those of the virtual card's portrait, 378 x 472, whose face is about x = 189.
#[derive(Clone, Debug)]
pub struct Person {
    skin: Colour,
    hair: Colour,
    clothes: Colour,
    face: (f64, f64),
    eyes: f64,
    eye_y: f64,
    white: (f64, f64),
    iris: f64,
    brow: (f64, f64, f64),
    brow_up: f64,
    nose_y: f64,
    nose: f64,
    mouth_y: f64,
    mouth: (f64, f64),
    smile: f64,
    hairline: f64,
    parting: f64,
    long: bool,
    glasses: Option<(f64, f64)>,
    beard: f64,
    moustache: f64,
    cheeks: f64,
}

const X: f64 = 189.0;
const FACE_Y: f64 = 250.0;

impl Person {
    /// The same person for the same number.
    pub fn new(number: u64) -> Self {
        let mut n = Numbers::new(number.wrapping_mul(0x5851_f42d_4c95_7f2d) ^ 0x000d_ace5);
        let tone = n.within(0.5, 1.0);
        let dark = n.within(0.05, 0.75);
        Self {
            skin: [235.0 * tone, 205.0 * tone, 180.0 * tone],
            hair: [130.0 * dark, 110.0 * dark, 100.0 * dark],
            clothes: [
                n.within(20.0, 230.0),
                n.within(20.0, 230.0),
                n.within(20.0, 230.0),
            ],
            face: (n.within(86.0, 114.0), n.within(102.0, 128.0)),
            eyes: n.within(38.0, 53.0),
            eye_y: n.within(222.0, 240.0),
            white: (n.within(12.0, 20.0), n.within(8.0, 14.0)),
            iris: n.within(7.5, 11.0),
            brow: (
                n.within(16.0, 30.0),
                n.within(2.5, 10.0),
                n.within(-0.28, 0.28),
            ),
            brow_up: n.within(20.0, 36.0),
            nose_y: n.within(262.0, 284.0),
            nose: n.within(7.0, 18.0),
            mouth_y: n.within(300.0, 322.0),
            mouth: (n.within(22.0, 44.0), n.within(4.0, 12.0)),
            smile: n.within(-12.0, 24.0),
            hairline: n.within(130.0, 186.0),
            parting: n.within(-80.0, 80.0),
            long: n.happens(0.5),
            glasses: n
                .happens(0.3)
                .then(|| (n.within(24.0, 34.0), n.within(2.0, 5.0))),
            beard: if n.happens(0.3) {
                n.within(0.3, 0.9)
            } else {
                0.0
            },
            moustache: if n.happens(0.25) {
                n.within(0.4, 1.0)
            } else {
                0.0
            },
            cheeks: n.within(0.0, 0.3),
        }
    }

    /// Eyes, nose and corners of the mouth, the picture's left ones first.
    pub fn landmarks(&self) -> [(f64, f64); 5] {
        [
            (X - self.eyes, self.eye_y),
            (X + self.eyes, self.eye_y),
            (X, self.nose_y),
            (X - self.mouth.0, self.mouth_y),
            (X + self.mouth.0, self.mouth_y),
        ]
    }

    /// The same person in another mood, or tired.
    pub fn in_a_mood(&self, numbers: &mut Numbers) -> Self {
        let mut other = self.clone();
        other.smile += numbers.within(-2.0, 2.0);
        other.brow_up += numbers.within(-1.5, 1.5);
        other.white.1 *= numbers.within(0.9, 1.05);
        other.clothes = [numbers.within(20.0, 230.0); 3];
        other
    }

    /// What is seen at a place: nothing where the background shows.
    pub fn colour(&self, x: f64, y: f64) -> Option<Colour> {
        let (rx, ry) = self.face;
        let dx = x - X;
        let side = dx.abs();
        // Glasses, eyes, brows, nose, mouth: what is in front first.
        if let Some((radius, wire)) = self.glasses {
            let from = ((side - self.eyes).powi(2) + (y - self.eye_y).powi(2)).sqrt();
            let bridge = side < self.eyes - radius && (y - self.eye_y).abs() < wire / 2.0;
            if (from - radius).abs() < wire / 2.0 || bridge {
                return Some([45.0, 40.0, 40.0]);
            }
        }
        let eye = side - self.eyes;
        if ellipse(eye, y - self.eye_y, self.white.0, self.white.1) {
            if ellipse(
                dx - self.eyes.copysign(dx) - 3.0,
                y - self.eye_y + 3.5,
                2.8,
                2.8,
            ) {
                return Some([250.0; 3]);
            }
            if ellipse(eye, y - self.eye_y, self.iris, self.iris) {
                return Some([28.0; 3]);
            }
            return Some([248.0; 3]);
        }
        let (length, thick, tilt) = self.brow;
        let brow_y = self.eye_y - self.brow_up + tilt * eye + 0.006 * eye * eye;
        if eye.abs() < length && (y - brow_y).abs() < thick / 2.0 {
            return Some(self.hair);
        }
        let nose_y = self.nose_y + 5.0 - 0.04 * dx * dx;
        if side < self.nose && (y - nose_y).abs() < 2.0 {
            return Some(self.skin.map(|c| c * 0.72));
        }
        let (half, lips) = self.mouth;
        let bow = 1.0 - (dx / half).powi(2);
        let mouth_y = self.mouth_y + self.smile * bow;
        if bow > 0.0 && (y - mouth_y).abs() < lips * (0.25 + 0.75 * bow) {
            return Some([150.0, 75.0, 75.0]);
        }
        let inside = ellipse(dx, y - FACE_Y, rx, ry);
        // The fringe over the forehead, then beard and skin.
        let fringe = self.hairline + (dx - self.parting).abs() * 0.12;
        if ellipse(dx, y - 185.0, rx + 24.0, 130.0) && y < fringe {
            return Some(self.hair);
        }
        if inside {
            if self.moustache > 0.0 && side < half && (y - self.mouth_y + 13.0).abs() < 6.0 {
                return Some(mix(self.skin, self.hair, self.moustache));
            }
            if self.beard > 0.0 && (y > self.mouth_y - 5.0 + 0.9 * (half - side).max(0.0)) {
                return Some(mix(self.skin, self.hair, self.beard));
            }
            if ellipse(side - self.eyes - 14.0, y - 286.0, 21.0, 11.0) {
                return Some(mix(self.skin, [190.0, 90.0, 90.0], self.cheeks));
            }
            return Some(self.skin);
        }
        if ellipse(side - rx + 2.0, y - 236.0, 18.0, 28.0) {
            return Some(self.skin.map(|c| c * 0.92));
        }
        let back = ellipse(dx, y - 185.0, rx + 26.0, 132.0);
        if (back && y < 250.0) || (self.long && side < rx + 22.0 && (185.0..330.0).contains(&y)) {
            return Some(self.hair);
        }
        if side < 42.0 && (330.0..430.0).contains(&y) {
            return Some(self.skin.map(|c| c * 0.86));
        }
        ellipse(dx, y - 520.0, 160.0, 130.0).then_some(self.clothes)
    }
}

fn ellipse(dx: f64, dy: f64, rx: f64, ry: f64) -> bool {
    (dx / rx).powi(2) + (dy / ry).powi(2) < 1.0
}

fn mix(a: Colour, b: Colour, part: f64) -> Colour {
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * part)
}
