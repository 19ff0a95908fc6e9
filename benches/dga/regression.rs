//! Logistic regression by Newton's method (iteratively reweighted least squares), with a ridge.

use tidegate::classify::domain_risk::dga::{FEATURES, Features, Weight};

const N: usize = FEATURES.len() + 1;
const RIDGE: f64 = 10.0;
const STEPS: usize = 12;
/// As the model cuts.
const CUT: f64 = 6.0;

/// One example: its figures, whether it is generated, how much it counts.
pub type Example = (Features, bool, f64);

/// Fits bias and weights.
pub fn fit(examples: &[Example]) -> (f32, [Weight; FEATURES.len()]) {
    let scales: [(f64, f64); FEATURES.len()] = std::array::from_fn(|at| {
        let count = examples.len() as f64;
        let mean = examples.iter().map(|(figures, ..)| f64::from(figures[at])).sum::<f64>() / count;
        let square = examples.iter().map(|(figures, ..)| (f64::from(figures[at]) - mean).powi(2)).sum::<f64>() / count;
        (mean, square.sqrt().max(1e-6))
    });
    let standard = |figures: &Features| -> [f64; N] {
        std::array::from_fn(|at| match at.checked_sub(1) {
            None => 1.0,
            Some(at) => ((f64::from(figures[at]) - scales[at].0) / scales[at].1).clamp(-CUT, CUT),
        })
    };
    let rows: Vec<_> = examples.iter().map(|(figures, attack, weight)| (standard(figures), *attack, *weight)).collect();
    let mut by = [0.0; N];
    for _ in 0..STEPS {
        let mut slope = [0.0; N];
        let mut curve = [[0.0; N]; N];
        for (row, attack, weight) in &rows {
            let odds: f64 = row.iter().zip(&by).map(|(figure, by)| figure * by).sum();
            let likely = 1.0 / (1.0 + (-odds).exp());
            let bend = weight * (likely * (1.0 - likely)).max(1e-6);
            for at in 0..N {
                slope[at] += weight * (f64::from(u8::from(*attack)) - likely) * row[at];
                for other in 0..N {
                    curve[at][other] += bend * row[at] * row[other];
                }
            }
        }
        for at in 1..N {
            slope[at] -= RIDGE * by[at];
            curve[at][at] += RIDGE;
        }
        for (by, step) in by.iter_mut().zip(solve(curve, slope)) {
            *by += step;
        }
    }
    let weight =
        |at: usize| Weight { mean: scales[at].0 as f32, deviation: scales[at].1 as f32, weight: by[at + 1] as f32 };
    (by[0] as f32, std::array::from_fn(weight))
}

/// Solves a symmetric, positive definite system by elimination, which needs no pivoting there.
fn solve(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for at in 0..N {
        let pivot = matrix[at];
        for below in at + 1..N {
            let factor = matrix[below][at] / pivot[at];
            for (cell, above) in matrix[below].iter_mut().zip(&pivot) {
                *cell -= factor * above;
            }
            right[below] -= factor * right[at];
        }
    }
    for at in (0..N).rev() {
        let known: f64 = (at + 1..N).map(|other| matrix[at][other] * right[other]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    right
}
