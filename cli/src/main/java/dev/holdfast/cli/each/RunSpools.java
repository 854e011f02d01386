package dev.holdfast.cli.each;

import dev.holdfast.JobContext;
import dev.holdfast.handlers.exec.Spool;
import dev.holdfast.handlers.exec.Spools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Output files for a worker that serves any queue: the output of an item of a run is kept in the
 * run's folder, for {@code each} to print; that of any other job is deleted once its end is stored.
 *
 * @param home the folder next to the database
 * @param brief the folder for all other jobs
 */
public record RunSpools(Path home, Path brief) implements Spools {

  @Override
  public Spool open(JobContext job) throws IOException {
    Optional<Path> run = Run.spoolOf(home, job.queue()).filter(Files::isDirectory);
    return run.isPresent()
        ? Spool.kept(run.get(), job.id(), job.token())
        : Spool.brief(brief, job.id(), job.token());
  }
}
