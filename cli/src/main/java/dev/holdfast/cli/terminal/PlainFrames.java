package dev.holdfast.cli.terminal;

import dev.holdfast.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** Frames one below the other: lines of JSON, or text with a blank line between two frames. */
final class PlainFrames implements Watch.Frames {
  private final Console console;
  private final boolean isJson;
  private boolean isFirst = true;
  private boolean isReported;

  PlainFrames(Console console, boolean isJson) {
    this.console = console;
    this.isJson = isJson;
  }

  @Override
  public void show(Consumer<Console> frame) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    frame.accept(console.out(text));
    if (!isFirst && !isJson) {
      console.line("");
    }
    try {
      text.writeTo(console.out());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    console.flush();
    isFirst = false;
    isReported = false;
  }

  @Override
  public void report(HoldfastException outage) {
    if (!isReported) {
      console.say(outage.getMessage() + "; trying again");
      isReported = true;
    }
  }
}
