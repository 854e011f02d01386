package dev.holdfast.torture;

import dev.holdfast.torture.actors.ProducerProgram;
import dev.holdfast.torture.host.Child;

/** The place for the producer: as long as there are not enough jobs, the next one goes on. */
final class ProducerPost {
  private final ProducerProgram.Settings settings;
  private int incarnation;
  private Child child;

  ProducerPost(ProducerProgram.Settings settings) {
    this.settings = settings;
    this.child = next();
  }

  private Child next() {
    incarnation++;
    return ProducerProgram.start("producer-" + incarnation, settings);
  }

  Child child() {
    return child;
  }

  boolean isReady() {
    return child.isAlive() && child.isReady();
  }

  /** Whether all jobs were enqueued. */
  boolean isDone() {
    return !child.isAlive() && child.exitCode() == 0;
  }

  void restartWhenEnded() {
    if (!child.isAlive() && !isDone()) {
      child = next();
    }
  }
}
