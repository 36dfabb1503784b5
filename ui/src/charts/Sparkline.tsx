import styles from "./charts.module.css";

interface Props {
  values: readonly (number | null)[];
  label: string;
  look?: "bad" | undefined;
}

const WIDTH = 120;
const HEIGHT = 22;

/** Bars of equal width, the highest as high as there is room. */
export function Sparkline({ values, label, look }: Props) {
  const most = Math.max(...values.map((value) => value ?? 0), 0);
  const step = WIDTH / Math.max(values.length, 1);
  return (
    <svg
      className={look === "bad" ? styles.sparkBad : styles.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {most > 0 &&
        values.map((value, at) => {
          const height = value ? Math.max(2, (value / most) * (HEIGHT - 2)) : 0;
          return <rect key={at} x={at * step + 0.5} y={HEIGHT - height} width={step - 1} height={height} />;
        })}
    </svg>
  );
}
