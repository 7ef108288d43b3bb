use quick_xml::Reader;
use quick_xml::events::Event;

use crate::face::evaluation::{DetCurve, DetWords, Evaluation};
use crate::face::{Confidence, Score};

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

/// Everything of a picture that a reader of XML sees: texts, and elements. Fails if
/// it isn't XML.
fn parsed(svg: &str) -> (Vec<String>, Vec<Element>) {
    let (mut texts, mut elements) = (Vec::new(), Vec::new());
    let mut reader = Reader::from_str(svg);
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) | Event::Empty(e) => {
                let name = e.name().as_ref().to_owned();
                let attributes = e.attributes().map(|a| {
                    let a = a.unwrap();
                    let key = a.key.as_ref().to_owned();
                    (key, a.value.to_string())
                });
                let attributes = attributes.collect();
                elements.push(Element { name, attributes });
                text.clear();
            }
            Event::Text(e) => text += &e,
            Event::GeneralRef(e) => text += &format!("&{};", &*e),
            Event::End(_) => texts.push(std::mem::take(&mut text)),
            Event::Eof => return (texts, elements),
            other => panic!("{other:?}"),
        }
    }
}

fn evaluation(mated: usize, non_mated: usize) -> Evaluation {
    // Evenly spread from 0.35 to 1, and from 0 to 0.45.
    let spread = |n: usize, from: f32, to: f32| {
        (0..n).map(move |i| from + (to - from) * (i as f32 + 0.5) / n as f32)
    };
    Evaluation::from_scores(spread(mated, 0.35, 1.0), spread(non_mated, 0.0, 0.45)).unwrap()
}

fn curve(mated: usize, non_mated: usize) -> DetCurve {
    evaluation(mated, non_mated).all().det().unwrap()
}

fn points(path: &str) -> Vec<(f64, f64)> {
    let path = path.trim_start_matches('M').trim_end_matches('Z');
    path.split('L')
        .map(|pair| {
            let (x, y) = pair.split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect()
}

/// The paths in order: band, its two edges, curve.
fn paths(svg: &str) -> Vec<Vec<(f64, f64)>> {
    let (_, elements) = parsed(svg);
    let paths = elements.into_iter().filter(|e| e.name == "path");
    let d = |path: Element| {
        let d = path.attributes.into_iter().find(|(key, _)| key == "d");
        points(&d.unwrap().1)
    };
    paths.map(d).collect()
}

#[test]
fn the_picture_is_whole() {
    let threshold = Score::new(0.42).unwrap();
    let svg = curve(500, 5000).with_operating_point(threshold).to_svg();
    let (texts, elements) = parsed(&svg);
    let count = |wanted: &str| elements.iter().filter(|e| e.name == wanted).count();
    assert_eq!((count("svg"), count("path"), count("circle")), (1, 4, 2));
    for text in [
        "False match rate, FMR (two people taken for one) [%]",
        "False non-match rate, FNMR (one person not recognised) [%]",
        "Measured: 5,000 non-mated and 500 mated comparisons",
        "95 % confidence limits of both rates at each threshold",
    ] {
        assert!(texts.iter().any(|t| t == text), "{text}");
    }
    // 333 of 5000 are at 0.42 or above, 54 of 500 below.
    let all = evaluation(500, 5000);
    assert_eq!(all.all().fmr(threshold).to_string(), "333/5000");
    assert_eq!(all.all().fnmr(threshold).to_string(), "54/500");
    let fmr = "Threshold 0.42: FMR 6.66 % (333 of 5,000; 5.98 % to 7.39 %)";
    let fnmr = "FNMR 10.8 % (54 of 500; 8.22 % to 13.9 %)";
    assert!(
        texts.iter().any(|t| t == fmr) && texts.iter().any(|t| t == fnmr),
        "{texts:#?}"
    );
    // Where no error was seen the mark is open, in the legend too.
    let high = curve(500, 5000).with_operating_point(Score::ONE).to_svg();
    let open = |svg: &str| svg.matches("r=\"5.5\" fill=\"#fff\"").count();
    assert_eq!((open(&svg), open(&high)), (0, 2));
    // Without one there is neither mark nor line of legend.
    let plain = curve(500, 5000).to_svg();
    assert!(!plain.contains("<circle") && !plain.contains("Threshold"));

    let japanese = curve(500, 5000).with_words(DetWords::Japanese).to_svg();
    assert!(japanese.contains("誤合致率 FMR") && japanese.contains("lang=\"ja\""));
    assert!(!japanese.contains("Measured"));
}

/// The curve falls, the band's edges are outside of it everywhere, and more
/// confidence makes a wider band.
#[test]
fn the_band_holds_the_curve() {
    for (mated, non_mated) in [(1, 1), (5, 9), (40, 1000), (2000, 20_000)] {
        let curve = curve(mated, non_mated);
        let svg = curve.clone().to_svg();
        let [band, upper, lower, line] = &paths(&svg)[..] else {
            panic!("not four paths");
        };
        assert_eq!(band.len(), upper.len() + lower.len());
        for i in 0..line.len() {
            // To the right is more false matches, down is fewer false non-matches.
            assert!(lower[i].0 <= line[i].0 && line[i].0 <= upper[i].0);
            assert!(lower[i].1 >= line[i].1 && line[i].1 >= upper[i].1);
        }
        for path in [upper, lower, line] {
            assert!(
                path.windows(2)
                    .all(|p| p[1].0 <= p[0].0 && p[1].1 <= p[0].1)
            );
        }
        let less = curve.with_band(Confidence::new(0.5).unwrap()).to_svg();
        assert!(less.contains("50 % confidence limits"));
        let narrower = &paths(&less)[1];
        assert!(
            narrower
                .iter()
                .zip(upper)
                .all(|(n, u)| n.0 <= u.0 && n.1 >= u.1)
        );
    }
}

/// Normally distributed scores give a straight line: that is what the axes are for.
#[test]
fn normal_scores_make_a_straight_line() {
    let scores = |n: u32, mean: f64| {
        let p = move |i: u32| (f64::from(i) + 0.5) / f64::from(n);
        (0..n).map(move |i| (mean + super::axis::deviate(p(i))) as f32)
    };
    let curve = Evaluation::from_scores(scores(20_000, 3.0), scores(20_000, 0.0)).unwrap();
    let svg = curve.all().det().unwrap().to_svg();
    let line = &paths(&svg)[3];
    // Where there are errors enough for the steps to be small.
    let inner: Vec<_> = line
        .iter()
        .filter(|(x, y)| (250.0..650.0).contains(x) && (100.0..400.0).contains(y))
        .collect();
    let (first, last) = (inner[0], inner[inner.len() - 1]);
    let slope = (last.1 - first.1) / (last.0 - first.0);
    assert!(inner.len() > 50 && slope > 0.0);
    for (x, y) in &inner {
        let expected = first.1 + (x - first.0) * slope;
        assert!((y - expected).abs() < 4.0, "{x} {y}, not {expected}");
    }
}

/// Many scores make no larger picture, and the extremes do make one.
#[test]
fn every_size_can_be_drawn() {
    let large = curve(50_000, 200_000).to_svg();
    assert!(large.len() < 150_000, "{}", large.len());
    for (mated, non_mated) in [(1, 1), (1, 100_000), (100_000, 1)] {
        let curve = curve(mated, non_mated);
        for threshold in [f32::MIN, 0.0, 0.4, f32::MAX] {
            let threshold = Score::new(threshold).unwrap();
            let svg = curve.clone().with_operating_point(threshold).to_svg();
            parsed(&svg);
            assert!(!svg.contains("NaN") && !svg.contains("inf"));
        }
    }
    // Everything the wrong way round, everything equal.
    for (mated, non_mated) in [(0.1, 0.9), (0.5, 0.5)] {
        let curve = Evaluation::from_scores([mated; 9], [non_mated; 9]).unwrap();
        let svg = curve.all().det().unwrap().to_svg();
        parsed(&svg);
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}

#[test]
fn a_title_is_shown_and_not_obeyed() {
    let title = "</text><script>alert(1)</script> \"A\" & B\u{0}\u{1b}\u{ffff}'";
    let svg = curve(5, 5).with_title(title).to_svg();
    let (texts, elements) = parsed(&svg);
    assert!(elements.iter().all(|e| e.name != "script"));
    let shown = "&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;A&quot; &amp; B   '";
    assert_eq!(texts.iter().filter(|t| *t == shown).count(), 2);
}

#[test]
fn rates_have_three_digits() {
    for (rate, text) in [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.5, "50 %"),
        (0.123_45, "12.3 %"),
        (0.099_99, "10 %"),
        (0.012_345, "1.23 %"),
        (0.001_234_5, "0.123 %"),
        (9.985e-5, "0.00999 %"),
        (1e-4, "0.01 %"),
        (1e-8, "0.000001 %"),
        (0.999_7, "99.97 %"),
        (0.999_999, "99.9999 %"),
    ] {
        assert_eq!(super::words::percent(rate), text);
    }
    assert_eq!(super::words::grouped(0), "0");
    assert_eq!(super::words::grouped(999), "999");
    assert_eq!(super::words::grouped(1_234_567), "1,234,567");
}
