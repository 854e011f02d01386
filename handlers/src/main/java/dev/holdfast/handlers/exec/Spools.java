package dev.holdfast.handlers.exec;

import dev.holdfast.JobContext;
import java.io.IOException;

/** Gives each attempt the files that its output goes to. */
@FunctionalInterface
public interface Spools {

  /** New, empty files for this attempt. */
  Spool open(JobContext job) throws IOException;
}
