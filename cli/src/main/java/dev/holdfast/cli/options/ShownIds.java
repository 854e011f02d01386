package dev.holdfast.cli.options;

import dev.holdfast.JobId;
import dev.holdfast.cli.terminal.Console;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ids of jobs as a table shows them: whole to a program, and to a person at a terminal as long
 * as tells the jobs of the table apart, but at least 18 characters. These are the id's millisecond
 * and counter, which no process gives twice; {@link JobRef} answers if two processes gave the same.
 */
public final class ShownIds {
  private static final int CHARS_MIN = 18;
  private static final int CHARS = 36;

  private final int chars;

  private ShownIds(int chars) {
    this.chars = chars;
  }

  /** Returns the form of the ids of a table with these jobs. */
  public static ShownIds of(Console console, Collection<JobId> jobs) {
    if (!console.display().isTerminal()) {
      return new ShownIds(CHARS);
    }
    Set<String> ids = jobs.stream().map(JobId::toString).collect(Collectors.toSet());
    int chars = CHARS_MIN;
    while (chars < CHARS && !areApart(ids, chars)) {
      chars++;
    }
    return new ShownIds(chars);
  }

  private static boolean areApart(Set<String> ids, int chars) {
    return ids.stream().map(id -> id.substring(0, chars)).distinct().count() == ids.size();
  }

  /** Returns the id as it is shown. */
  public String of(JobId id) {
    return id.toString().substring(0, chars);
  }
}
