// What a chart over time is given.

export interface Series {
  label: string;
  /** One for each time; null where there is none. */
  values: readonly (number | null)[];
  /** A colour of main.css. */
  color: `--color-${string}`;
  /** Bars stand for counts of a bucket, lines for states; `dashed` for what something is compared with. */
  kind: 'bars' | 'line' | 'dashed';
}

export interface TimeSeriesProps {
  /** What it shows, for a screen reader. */
  label: string;
  /** Starts of the buckets, milliseconds since 1970, rising. */
  times: readonly number[];
  /** Width of a bucket. */
  widthMs: number;
  series: readonly Series[];
  /** Values on the axis and in the legend. */
  format: (value: number) => string;
  height?: number;
  /** Makes the chart to be brushed: told the window dragged over, on whole buckets. */
  onBrush?: (fromMs: number, toMs: number) => void;
  /** The axis, where it is not simply that of the data. */
  max?: number;
}
