// A chart over time on uPlot. Loaded when it is first needed, through `TimeSeries`.

import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { span } from '@/lib/time';
import { useTheme } from '@/ui/theme';
import { resolved } from './colors';
import type { Series, TimeSeriesProps } from './series';
import { STEPS_S, tickLabels } from './ticks';

const NARROW_PX = 520;

export default function Plot(props: TimeSeriesProps) {
  const { label, times, widthMs, series, format, height = 220, onBrush, max } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const brush = useRef(onBrush);
  const [at, setAt] = useState<number>();
  const { shown: theme } = useTheme();
  const shape = JSON.stringify(series.map(({ label: name, color, kind }) => [name, color, kind]));

  useEffect(() => {
    brush.current = onBrush;
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const options = optionsFor(element, {
      series,
      format,
      height,
      widthMs,
      max,
      brushes: onBrush !== undefined,
    });
    options.hooks = {
      setCursor: [(chart) => setAt(chart.cursor.idx ?? undefined)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < 4) return;
          const edge = (px: number) => (chart.posToVal(px, 'x') * 1000) / widthMs;
          const [fromMs, toMs] = [Math.floor(edge(left)) * widthMs, Math.ceil(edge(left + width)) * widthMs];
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          brush.current?.(fromMs, toMs);
        },
      ],
    };
    const chart = new uPlot(options, dataOf(times, series), element);
    plot.current = chart;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
    // A chart is made anew when its shape changes; new numbers are handed to it below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape, height, widthMs, theme, max, onBrush === undefined, format]);

  useEffect(() => {
    plot.current?.setData(dataOf(times, series));
  }, [times, series]);

  const time = at === undefined ? undefined : times[at];
  return (
    <figure aria-label={label} className="m-0 min-w-0">
      <div ref={host} role="img" aria-label={label} style={{ height }} className="w-full overflow-hidden" />
      <figcaption className="mt-1 flex min-h-5 flex-wrap gap-x-4 gap-y-0.5 text-xs text-muted">
        {series.map(({ label: name, color, kind, values }) => {
          const value = at === undefined ? undefined : values[at];
          return (
            <span key={name} className="inline-flex items-center gap-1.5">
              <span
                aria-hidden="true"
                className="inline-block h-0.75 w-3 rounded-full"
                style={{ backgroundColor: `var(${color})`, opacity: kind === 'dashed' ? 0.6 : 1 }}
              />
              {name}
              {value !== undefined && value !== null && (
                <b className="tabular font-semibold text-ink">{format(value)}</b>
              )}
            </span>
          );
        })}
        <span className="ml-auto">{time === undefined ? 'UTC' : span(time, widthMs)}</span>
      </figcaption>
    </figure>
  );
}

function dataOf(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  return [times.map((ms) => ms / 1000), ...series.map(({ values }) => [...values])] as uPlot.AlignedData;
}

interface Wanted {
  series: readonly Series[];
  format: (value: number) => string;
  height: number;
  widthMs: number;
  max: number | undefined;
  brushes: boolean;
}

function optionsFor(
  element: HTMLElement,
  { series, format, height, widthMs, max, brushes }: Wanted,
): uPlot.Options {
  const [ink, line] = [resolved(element, '--color-muted'), resolved(element, '--color-line')];
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  return {
    width: Math.max(element.clientWidth, 50),
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: brushes, y: false, setScale: false },
    },
    scales: {
      // Half a bucket would be cut off where bars stand.
      x: { time: true, range: (_, from, to) => [from, to + widthMs / 1000] },
      y: { range: (_, __, top) => [0, max ?? (top > 0 ? top * 1.05 : 1)] },
    },
    axes: [
      {
        ...axis,
        size: 36,
        space: element.clientWidth < NARROW_PX ? 56 : 70,
        incrs: STEPS_S,
        values: (_, ticks, __, ___, step) =>
          tickLabels(
            ticks.map((seconds) => seconds * 1000),
            step * 1000,
          ),
        grid: { show: false },
        ticks: { show: true, stroke: line, size: 4, width: 1 },
      },
      {
        ...axis,
        size: (_, words) => 14 + 7 * Math.max(3, ...(words ?? []).map((word) => word.length)),
        values: (_, ticks) =>
          ticks.map((tick) => (tick === 0 || Math.abs(tick) >= 1 || max ? format(tick) : '')),
      },
    ],
    series: [
      {},
      ...series.map(({ label, color, kind }): uPlot.Series => {
        const stroke = resolved(element, color);
        const bars = uPlot.paths.bars?.({ size: [0.86, 64], align: 1, radius: 0 });
        if (kind === 'bars')
          return {
            label,
            stroke,
            fill: stroke,
            width: 0,
            ...(bars ? { paths: bars } : {}),
            points: { show: false },
          };
        return {
          label,
          stroke,
          width: kind === 'dashed' ? 1.25 : 1.75,
          ...(kind === 'dashed' ? { dash: [4, 4] } : {}),
          points: { show: false },
        };
      }),
    ],
  };
}
