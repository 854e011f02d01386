package dev.holdfast.examples.shop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A program that measures the time that the queue adds to the start of a context: the fastest of
 * some starts with it, against the fastest of as many without. The goal is 300 ms at most.
 */
final class StartTime {
  private static final int STARTS = 7;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private StartTime() {}

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Bare {}

  private static long start(String url, boolean enabled) {
    long began = System.nanoTime();
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Bare.class)
            .web(WebApplicationType.NONE)
            .run(
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=postgres",
                "--holdfast.enabled=" + enabled)) {
      long took = System.nanoTime() - began;
      if (!context.isRunning()) {
        throw new IllegalStateException("the context does not run");
      }
      return took;
    }
  }

  public static void main(String... arguments) {
    String url = TestDatabase.fresh();
    start(url, true); // makes the tables
    List<Long> without = new ArrayList<>();
    List<Long> with = new ArrayList<>();
    for (int round = 0; round < STARTS; round++) {
      without.add(start(url, false));
      with.add(start(url, true));
    }
    System.out.printf(
        "start without: %d ms, with: %d ms%n",
        Collections.min(without) / NANOS_PER_MILLI, Collections.min(with) / NANOS_PER_MILLI);
  }
}
