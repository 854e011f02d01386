package dev.holdfast.handlers.exec;

import dev.holdfast.JobContext;
import java.io.IOException;

/** Creates the output files of attempts. */
@FunctionalInterface
public interface Spools {

  /** Creates new, empty files for this attempt. */
  Spool open(JobContext job) throws IOException;
}
