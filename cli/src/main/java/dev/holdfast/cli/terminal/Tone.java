package dev.holdfast.cli.terminal;

import dev.holdfast.Finding.Gravity;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus.Liveness;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * The meaning that a piece of text shows by its colour. Red is only for what needs somebody; the
 * words say the same without colours.
 */
public enum Tone {
  /** Ordinary text. */
  PLAIN,
  /** A heading. */
  HEADING(Style.bold),
  /** Of less interest than the text around it. */
  FAINT(Style.faint),
  /** Something that ended well. */
  GOOD(Style.fg_green),
  /** Something that is going on. */
  ACTIVE(Style.fg_cyan),
  /** Something that waits for something else. */
  WAITING(Style.fg_magenta),
  /** Something to look at. */
  WARNING(Style.fg_yellow),
  /** Something to act on. */
  ALARM(Style.fg_red),
  /** The headings of the part of a screen that keys apply to. */
  FOCUS(Style.bold, Style.underline),
  /** The row that keys apply to. */
  SELECTED(Style.reverse);

  private final String start;

  Tone(IStyle... styles) {
    this.start = styles.length == 0 ? "" : Style.on(styles);
  }

  /** Returns the tone of a state. */
  public static Tone of(JobState state) {
    return switch (state) {
      case PENDING -> PLAIN;
      case SCHEDULED, CANCELLED -> FAINT;
      case BLOCKED -> WAITING;
      case RUNNING -> ACTIVE;
      case COMPLETED -> GOOD;
      case INTERRUPTED -> WARNING;
      case FAILED -> ALARM;
    };
  }

  /** Returns the tone of a node. */
  public static Tone of(Liveness liveness) {
    return switch (liveness) {
      case ACTIVE -> GOOD;
      case STALE -> WARNING;
      case DEAD -> ALARM;
    };
  }

  /** Returns the tone of a finding. */
  public static Tone of(Gravity gravity) {
    return switch (gravity) {
      case ERROR -> ALARM;
      case WARNING -> WARNING;
      case NOTE -> FAINT;
    };
  }

  /**
   * Returns the text between the escape sequences of this tone. The end is a reset: what picocli
   * ends bold text with underlines what follows on newer terminals.
   */
  String paint(String text) {
    return start.isEmpty() || text.isEmpty() ? text : start + text + Style.reset.on();
  }
}
