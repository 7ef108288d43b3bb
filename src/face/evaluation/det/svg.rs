//! The picture of a curve. Attributes only, no style sheet and no script: some
//! programs that place pictures in papers know neither.

use std::fmt::Write as _;

use super::axis::Axis;
use super::words::percent;
use super::{DetCurve, DetPoint, Proportion};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 660.0;
/// The frame of the curve.
const LEFT: f64 = 92.0;
const TOP: f64 = 56.0;
const ACROSS: f64 = 636.0;
const UP: f64 = 440.0;
/// Points nearer to each other than this (in pixels) are drawn as one.
const NEAR: f64 = 0.8;

pub(super) fn draw(curve: &DetCurve) -> String {
    Picture::new(curve).draw()
}

struct Picture<'a> {
    curve: &'a DetCurve,
    /// False matches, to the right.
    across: Axis,
    /// False non-matches, upwards.
    up: Axis,
    operating: Option<DetPoint>,
    out: String,
}

impl<'a> Picture<'a> {
    fn new(curve: &'a DetCurve) -> Self {
        let operating = curve.operating.map(|threshold| curve.at(threshold));
        let ends = |p: Proportion| *p.limits(curve.band).end();
        // Where both rates are the same, and where either leaves the picture because
        // the other was never seen: as far as a half, but for a very bad matcher.
        let (mut equal, mut across, mut up) = (1.0_f64, 0.0_f64, 0.0_f64);
        for point in curve.points() {
            let (fmr, fnmr) = (rate(point.fmr), rate(point.fnmr));
            equal = equal.min(fmr.max(fnmr));
            if point.fnmr.errors() > 0 {
                across = across.max(fmr);
            }
            if point.fmr.errors() > 0 {
                up = up.max(fnmr);
            }
        }
        let reach = |leaves: f64, marked: Option<f64>| {
            let marked = marked.unwrap_or_default();
            (leaves * 1.5).min(0.5).max(equal * 1.3).max(marked)
        };
        Self {
            curve,
            across: Axis::new(
                curve.non_mated,
                reach(across, operating.map(|p| ends(p.fmr))),
                ACROSS,
            ),
            up: Axis::new(curve.mated, reach(up, operating.map(|p| ends(p.fnmr))), UP),
            operating,
            out: String::new(),
        }
    }

    fn draw(mut self) -> String {
        self.begin();
        self.grid();
        self.line_and_band();
        self.frame();
        self.mark();
        self.legend();
        self.put(format_args!("</svg>\n"));
        self.out
    }

    fn put(&mut self, part: std::fmt::Arguments<'_>) {
        // Writing into a string can't fail.
        let _ = self.out.write_fmt(part);
    }

    fn text(&mut self, x: f64, y: f64, attributes: &str, text: &str) {
        let text = escaped(text);
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" {attributes}>{text}</text>\n"
        ));
    }

    fn line(&mut self, [x1, y1, x2, y2]: [f64; 4], attributes: &str) {
        self.put(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" {attributes}/>\n"
        ));
    }

    fn begin(&mut self) {
        let words = self.curve.words;
        let heading = match self.curve.title.as_str() {
            "" => words.heading(),
            title => title,
        };
        let told = escaped(&self.told().join(" "));
        self.put(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" lang=\"{}\" \
             font-family=\"'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic',Meiryo,\
             Helvetica,Arial,sans-serif\" font-size=\"13\" fill=\"#000\">\n\
             <title>{}</title>\n<desc>{told}</desc>\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
             <clipPath id=\"frame\"><rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{ACROSS}\" \
             height=\"{UP}\"/></clipPath>\n",
            words.code(),
            escaped(heading),
        ));
        let middle = LEFT + ACROSS / 2.0;
        let style = "text-anchor=\"middle\" font-size=\"18\" font-weight=\"bold\"";
        self.text(middle, 34.0, style, heading);
    }

    fn grid(&mut self) {
        let bottom = TOP + UP;
        let thin = "stroke=\"#bbb\" stroke-width=\"0.7\"";
        let dark = "stroke=\"#000\" stroke-width=\"1\"";
        let mut free = f64::NEG_INFINITY;
        for (rate, at) in self.across.ticks() {
            let x = LEFT + at;
            self.line([x, TOP, x, bottom], thin);
            self.line([x, bottom, x, bottom + 6.0], dark);
            let label = number(rate);
            let half = label.chars().count() as f64 * 3.6;
            if x - half > free {
                self.text(x, bottom + 21.0, "text-anchor=\"middle\"", &label);
                free = x + half + 6.0;
            }
        }
        for (_, at) in self.across.marks() {
            self.line([LEFT + at, bottom, LEFT + at, bottom + 3.5], dark);
        }
        for (rate, at) in self.up.ticks() {
            let y = bottom - at;
            self.line([LEFT, y, LEFT + ACROSS, y], thin);
            self.line([LEFT - 6.0, y, LEFT, y], dark);
            let label = number(rate);
            self.text(LEFT - 10.0, y + 4.5, "text-anchor=\"end\"", &label);
        }
        for (_, at) in self.up.marks() {
            self.line([LEFT - 3.5, bottom - at, LEFT, bottom - at], dark);
        }
        let words = self.curve.words;
        let middle = (LEFT + ACROSS / 2.0, TOP + UP / 2.0);
        let style = "text-anchor=\"middle\" font-size=\"14\"";
        let unit = |name: &str| format!("{name} [%]");
        self.text(middle.0, bottom + 44.0, style, &unit(words.fmr()));
        let turned = format!("{style} transform=\"rotate(-90 24 {})\"", middle.1);
        self.text(24.0, middle.1, &turned, &unit(words.fnmr()));
    }

    fn line_and_band(&mut self) {
        let kept = self.kept();
        let confidence = self.curve.band;
        let (mut upper, mut lower, mut line) = (Vec::new(), Vec::new(), Vec::new());
        for point in &kept {
            let (fmr, fnmr) = (point.fmr.limits(confidence), point.fnmr.limits(confidence));
            upper.push(self.place(*fmr.end(), *fnmr.end()));
            lower.push(self.place(*fmr.start(), *fnmr.start()));
            line.push(self.place(rate(point.fmr), rate(point.fnmr)));
        }
        let edges = [path(&upper), path(&lower)];
        lower.reverse();
        upper.append(&mut lower);
        let area = path(&upper);
        self.put(format_args!(
            "<g clip-path=\"url(#frame)\" fill=\"none\" stroke-linejoin=\"round\">\n\
             <path d=\"{area}Z\" fill=\"#000\" fill-opacity=\"0.12\"/>\n"
        ));
        for edge in edges {
            self.put(format_args!(
                "<path d=\"{edge}\" stroke=\"#555\" stroke-width=\"1\" stroke-dasharray=\"5 3\"/>\n"
            ));
        }
        let line = path(&line);
        self.put(format_args!(
            "<path d=\"{line}\" stroke=\"#000\" stroke-width=\"2.2\"/>\n</g>\n"
        ));
    }

    /// Points that can be told from one another in the picture, and both ends of
    /// every long step.
    fn kept(&self) -> Vec<DetPoint> {
        let far = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() + (a.1 - b.1).abs() >= NEAR;
        let mut kept: Vec<DetPoint> = Vec::new();
        let mut last: Option<(f64, f64)> = None;
        let mut before: Option<(DetPoint, (f64, f64))> = None;
        for point in self.curve.points() {
            let place = self.place(rate(point.fmr), rate(point.fnmr));
            if last.is_none_or(|last| far(place, last)) {
                if let Some((left_out, there)) = before.take()
                    && far(place, there)
                {
                    kept.push(left_out);
                }
                kept.push(point);
                last = Some(place);
            } else {
                before = Some((point, place));
            }
        }
        kept
    }

    fn place(&self, fmr: f64, fnmr: f64) -> (f64, f64) {
        (LEFT + self.across.at(fmr), TOP + UP - self.up.at(fnmr))
    }

    fn frame(&mut self) {
        self.put(format_args!(
            "<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{ACROSS}\" height=\"{UP}\" fill=\"none\" \
             stroke=\"#000\" stroke-width=\"1.2\"/>\n"
        ));
    }

    /// The operating point with its limits. At an edge the mark is open: the rate
    /// lies beyond.
    fn mark(&mut self) {
        let Some(point) = self.operating else {
            return;
        };
        let confidence = self.curve.band;
        let (fmr, fnmr) = (point.fmr.limits(confidence), point.fnmr.limits(confidence));
        let (x, y) = self.place(rate(point.fmr), rate(point.fnmr));
        let inside = inside(x, y);
        let (x, y) = (x.clamp(LEFT, LEFT + ACROSS), y.clamp(TOP, TOP + UP));
        let right = |rate| LEFT + self.across.within(rate);
        let above = |rate| TOP + UP - self.up.within(rate);
        let (left, right) = (right(*fmr.start()), right(*fmr.end()));
        let (low, high) = (above(*fnmr.start()), above(*fnmr.end()));
        let thick = "stroke=\"#000\" stroke-width=\"1.4\"";
        self.line([left, y, right, y], thick);
        self.line([x, low, x, high], thick);
        for end in [left, right] {
            self.line([end, y - 5.0, end, y + 5.0], thick);
        }
        for end in [low, high] {
            self.line([x - 5.0, end, x + 5.0, end], thick);
        }
        self.dot(x, y, inside);
    }

    fn dot(&mut self, x: f64, y: f64, filled: bool) {
        let fill = if filled { "#000" } else { "#fff" };
        self.put(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5.5\" fill=\"{fill}\" stroke=\"#000\" \
             stroke-width=\"2\"/>\n"
        ));
    }

    fn legend(&mut self) {
        let told = self.told();
        let filled = self.operating.is_none_or(|point| {
            let (x, y) = self.place(rate(point.fmr), rate(point.fnmr));
            inside(x, y)
        });
        let (from, to, text) = (LEFT, LEFT + 40.0, LEFT + 52.0);
        let mut y = TOP + UP + 74.0;
        for (i, line) in told.iter().enumerate() {
            match i {
                0 => self.line([from, y, to, y], "stroke=\"#000\" stroke-width=\"2.2\""),
                1 => {
                    let (top, bottom) = (y - 6.0, y + 6.0);
                    self.put(format_args!(
                        "<rect x=\"{from}\" y=\"{top:.1}\" width=\"40\" height=\"12\" \
                         fill=\"#000\" fill-opacity=\"0.12\"/>\n"
                    ));
                    let dashed = "stroke=\"#555\" stroke-width=\"1\" stroke-dasharray=\"5 3\"";
                    self.line([from, top, to, top], dashed);
                    self.line([from, bottom, to, bottom], dashed);
                }
                2 => {
                    self.line(
                        [from + 4.0, y, to - 4.0, y],
                        "stroke=\"#000\" stroke-width=\"1.4\"",
                    );
                    self.dot(from + 20.0, y, filled);
                }
                _ => {}
            }
            self.text(text, y + 4.5, "", line);
            y += 22.0;
        }
    }

    /// The lines of the legend.
    fn told(&self) -> Vec<String> {
        let DetCurve {
            words,
            mated,
            non_mated,
            band,
            ..
        } = *self.curve;
        let mut lines = vec![words.curve(mated, non_mated), words.band(band)];
        if let Some(point) = &self.operating {
            lines.extend(words.point(point, band));
        }
        lines
    }
}

fn inside(x: f64, y: f64) -> bool {
    (LEFT..=LEFT + ACROSS).contains(&x) && (TOP..=TOP + UP).contains(&y)
}

/// What was seen. There are trials, or there would be no curve.
fn rate(seen: Proportion) -> f64 {
    seen.rate().unwrap_or_default()
}

/// `0.0001` as `0.01`: the axis says that it is percent.
fn number(rate: f64) -> String {
    percent(rate).trim_end_matches(" %").to_owned()
}

fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let letter = if i == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{x:.1} {y:.1}");
    }
    path
}

/// Fit for the text of an element: whoever wrote it, it is shown and not obeyed.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML can't hold these at all.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
