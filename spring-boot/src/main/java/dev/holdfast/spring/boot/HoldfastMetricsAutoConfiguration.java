package dev.holdfast.spring.boot;

import dev.holdfast.Holdfast;
import dev.holdfast.micrometer.HoldfastMeters;
import dev.holdfast.spring.HoldfastCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Meters, where the application has a {@code MeterRegistry}. */
@AutoConfiguration(
    after = HoldfastAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass(name = "io.micrometer.core.instrument.MeterRegistry")
@ConditionalOnBean({Holdfast.class, MeterRegistry.class})
public final class HoldfastMetricsAutoConfiguration {

  /** Creates the configuration; called by Spring Boot. */
  public HoldfastMetricsAutoConfiguration() {}

  @Bean
  HoldfastCustomizer holdfastMeters(MeterRegistry registry) {
    return new Bound(registry);
  }

  /** Removes the meters with the context, for a registry that outlives it. */
  private static final class Bound implements HoldfastCustomizer, AutoCloseable {
    private final MeterRegistry registry;
    private volatile @Nullable HoldfastMeters meters;

    private Bound(MeterRegistry registry) {
      this.registry = registry;
    }

    @Override
    public void customize(Holdfast holdfast, Set<String> types) {
      meters = HoldfastMeters.bind(holdfast, registry, types);
    }

    @Override
    public void close() {
      HoldfastMeters bound = meters;
      if (bound != null) {
        bound.close();
      }
    }
  }
}
