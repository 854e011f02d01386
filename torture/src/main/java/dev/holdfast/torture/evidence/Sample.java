package dev.holdfast.torture.evidence;

import dev.holdfast.torture.host.Moment;

/**
 * One line of the sampler's log, which says whether eligible work was running at that moment.
 *
 * @param at its moment
 * @param judgement the judgement
 * @param detail the waiting job and its reason, or why there is no judgement
 */
public record Sample(Moment at, Judgement judgement, String detail) {
  /** The name of the file. */
  public static final String FILE = "samples.log";

  /** The judgements of a sample. */
  public enum Judgement {
    /** All eligible jobs were running, or there were none, or no worker could run them. */
    FINE,
    /** A job was eligible and a slot free, and the job did not start. */
    IDLE,
    /** The sampler itself was late, or could not read the store. */
    UNJUDGED
  }

  /** Returns the line. */
  public String line() {
    return "%s %d %d %s".formatted(judgement, at.ticks(), at.micros(), detail);
  }

  /** Parses a {@link #line}. */
  public static Sample parse(String line) {
    String[] fields = line.split(" ", 4);
    return new Sample(
        new Moment(Long.parseLong(fields[1]), Long.parseLong(fields[2])),
        Judgement.valueOf(fields[0]),
        fields[3]);
  }
}
