package dev.holdfast.engine;

import dev.holdfast.JobQueue;
import dev.holdfast.spi.HandlerThreads;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.PayloadCodec;
import dev.holdfast.spi.TimeSource;

/** The services of a node that its attempts and duties use. */
record NodeServices(
    JobStore store,
    JobQueue queue,
    Handlers handlers,
    TransitionPolicy transitions,
    OutputFlush output,
    TimeSource time,
    HandlerThreads threads) {

  PayloadCodec codec() {
    return handlers.codec();
  }
}
