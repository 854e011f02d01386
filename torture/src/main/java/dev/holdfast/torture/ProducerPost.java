package dev.holdfast.torture;

import dev.holdfast.torture.actors.ProducerProgram;
import dev.holdfast.torture.evidence.Journal;
import dev.holdfast.torture.evidence.RunFolder;
import dev.holdfast.torture.host.Child;
import java.util.List;

/** The place for the producer: while there are not enough jobs, the next one continues. */
final class ProducerPost {
  private ProducerProgram.Settings settings;
  private final List<String> wrapper;
  private int incarnation;
  private Child child;

  ProducerPost(ProducerProgram.Settings settings, List<String> wrapper) {
    this.settings = settings;
    this.wrapper = wrapper;
    this.incarnation = RunFolder.files(settings.folder(), Journal.ENDING).size();
    this.child = next();
  }

  private Child next() {
    incarnation++;
    return ProducerProgram.start(Journal.PRODUCER + incarnation, settings, wrapper);
  }

  Child child() {
    return child;
  }

  boolean isReady() {
    return child.isAlive() && child.isReady();
  }

  /** Returns whether all jobs were enqueued. */
  boolean isDone() {
    return !child.isAlive() && child.exitCode() == 0;
  }

  /** Lets the next producer enqueue this number of additional jobs. */
  void produceMore(int jobs) {
    settings = settings.jobs(settings.jobs() + jobs);
    child = next();
  }

  void restartWhenEnded() {
    if (!child.isAlive() && !isDone()) {
      child = next();
    }
  }
}
