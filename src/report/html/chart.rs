//! Charts as SVG, drawn here: columns over time with axes and units, and the hours of the week as a field. What a column
//! or field says is told on pointing at it; the table that follows a chart has the same figures for everybody.

use super::escaped;
use crate::model::grouped;
use crate::report::figures::bytes;
use crate::report::layout::{Columns, Heat};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Width of a chart, and where its columns begin and end, in units of the drawing.
const WIDTH: f64 = 960.0;
const LEFT: f64 = 88.0;
const RIGHT: f64 = 8.0;
/// Height of the columns, and of what is above and below.
const HEIGHT: f64 = 180.0;
const ABOVE: f64 = 10.0;
const BELOW: f64 = 24.0;
/// Lines across at most.
const TICKS: u64 = 4;
/// Labels below at most.
const LABELS: usize = 6;

/// A round number of which at most [`TICKS`] make the largest.
fn step(most: u64) -> u64 {
    let least = most.div_ceil(TICKS).max(1);
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if step >= least {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

pub(super) fn columns(out: &mut dyn Write, chart: &Columns) -> io::Result<()> {
    let figure = |number: u64| if chart.is_bytes { bytes(number) } else { grouped(number) };
    let most = chart.columns.iter().map(|(_, parts)| parts.iter().sum()).max().unwrap_or_default();
    let step = step(most);
    let top = most.div_ceil(step).max(1).saturating_mul(step);
    let y = |number: u64| ABOVE + HEIGHT - number as f64 / top as f64 * HEIGHT;
    let width = (WIDTH - LEFT - RIGHT) / chart.columns.len().max(1) as f64;
    let gap = if width > 4.0 { 1.0 } else { 0.0 };
    let mut svg = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| {
        // A string takes everything.
        let _ = svg.write_fmt(text);
    };
    for tick in 0..=top / step {
        let number = tick * step;
        let at = y(number);
        line(format_args!("<path class=\"grid\" d=\"M{LEFT} {at:.1}H{:.1}\"/>", WIDTH - RIGHT));
        line(format_args!("<text class=\"y\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", LEFT - 8.0, at + 4.0, figure(number)));
    }
    for part in 0..chart.parts.len() {
        line(format_args!("<path class=\"p{part}\" d=\""));
        for (at, (_, parts)) in chart.columns.iter().enumerate() {
            let below: u64 = parts[..part].iter().sum();
            if parts[part] > 0 {
                let (left, high) = (LEFT + at as f64 * width, y(below + parts[part]));
                // Whatever is there is seen.
                let tall = (y(below) - high).max(0.6);
                line(format_args!("M{left:.1} {high:.1}h{:.1}v{tall:.1}h-{0:.1}z", width - gap));
            }
        }
        line(format_args!("\"/>"));
    }
    let every = chart.columns.len().div_ceil(LABELS).max(1);
    for (at, (label, parts)) in chart.columns.iter().enumerate() {
        let left = LEFT + at as f64 * width;
        line(format_args!(
            "<rect class=\"over\" x=\"{left:.1}\" y=\"{ABOVE}\" width=\"{width:.1}\" height=\"{HEIGHT}\"><title>{}",
            escaped(label)
        ));
        for (name, number) in chart.parts.iter().zip(parts) {
            line(format_args!("\n{name}: {}", figure(*number)));
        }
        line(format_args!("</title></rect>"));
        // None that would run out of the drawing.
        if at % every == 0 && left < WIDTH - 90.0 {
            let below = ABOVE + HEIGHT + 17.0;
            line(format_args!("<text class=\"x\" x=\"{left:.1}\" y=\"{below}\">{}</text>", escaped(label)));
        }
    }
    write!(out, "<figure><figcaption>{}", escaped(chart.title))?;
    if chart.parts.len() > 1 {
        write!(out, "<ul class=\"legend\">")?;
        for (at, part) in chart.parts.iter().enumerate() {
            write!(
                out,
                "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"p{at}\" width=\"10\" height=\"10\"/></svg>{}</li>",
                escaped(part)
            )?;
        }
        write!(out, "</ul>")?;
    }
    writeln!(
        out,
        "</figcaption><svg class=\"chart\" role=\"img\" aria-label=\"{}, at most {}; the figures follow as a table\" \
         viewBox=\"0 0 {WIDTH} {}\">{svg}</svg></figure>",
        escaped(chart.title),
        figure(most),
        ABOVE + HEIGHT + BELOW
    )
}

pub(super) fn heat(out: &mut dyn Write, heat: &Heat) -> io::Result<()> {
    const ROW: f64 = 24.0;
    const HEAD: f64 = 20.0;
    /// Shades besides none.
    const SHADES: f64 = 6.0;
    let most = heat.requests.iter().flatten().copied().max().unwrap_or_default();
    let width = (WIDTH - LEFT - RIGHT) / 24.0;
    let mut svg = String::new();
    for hour in 0..24 {
        let x = LEFT + (f64::from(hour) + 0.5) * width;
        let _ = write!(svg, "<text class=\"m\" x=\"{x:.1}\" y=\"14\">{hour:02}</text>");
    }
    for (row, (day, hours)) in heat.weekdays.iter().zip(&heat.requests).enumerate() {
        let y = HEAD + row as f64 * ROW;
        let _ = write!(svg, "<text class=\"y\" x=\"{:.1}\" y=\"{:.1}\">{day}</text>", LEFT - 8.0, y + 16.0);
        for (hour, requests) in hours.iter().enumerate() {
            let shade = (*requests as f64 / most.max(1) as f64 * SHADES).ceil();
            let _ = write!(
                svg,
                "<rect class=\"h{shade}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{day} {hour:02}:00\n{} requests</title></rect>",
                LEFT + hour as f64 * width,
                width - 2.0,
                ROW - 2.0,
                grouped(*requests)
            );
        }
    }
    writeln!(
        out,
        "<figure><figcaption>{}: the strongest colour stands for up to {}</figcaption><svg class=\"chart\" role=\"img\" \
         aria-label=\"{0}; the figures follow as a table\" viewBox=\"0 0 {WIDTH} {}\">{svg}</svg></figure>",
        escaped(heat.title),
        grouped(most),
        HEAD + 7.0 * ROW
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for (most, want) in [(0, 1), (1, 1), (4, 1), (5, 2), (17, 5), (100, 50), (12_345, 5000), (1_000_000, 500_000)] {
            assert_eq!(step(most), want, "{most}");
        }
        assert!(step(u64::MAX) >= u64::MAX / TICKS);
    }
}
