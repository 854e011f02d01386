package dev.holdfast.benchmarks.postgres;

import dev.holdfast.benchmarks.load.Contender;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import dev.holdfast.benchmarks.load.Latencies;
import java.time.Duration;

/** Holdfast through its public API, with history and fenced acknowledgements. */
record HoldfastQueue(int slots) implements Contender {

  @Override
  public String name() {
    return "Holdfast";
  }

  @Override
  public String settings() {
    return "Holdfast through its public API, " + slots + " slots";
  }

  @Override
  public double share() {
    return 1;
  }

  @Override
  public double drain(String address, int jobs) throws InterruptedException {
    return HoldfastLoad.drain(address, jobs, slots);
  }

  @Override
  public double bulk(String address, int jobs) {
    return HoldfastLoad.bulk(address, jobs);
  }

  @Override
  public double enqueue(String address, int callers, Duration time) throws Exception {
    return HoldfastLoad.enqueue(address, callers, time);
  }

  @Override
  public double[] idle(String address, Place place, int samples) throws Exception {
    return place == Place.SAME_PROCESS
        ? Latencies.sameProcess(address, samples)
        : Latencies.otherProcess(address, samples);
  }
}
