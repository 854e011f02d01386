package dev.holdfast.spring.boot;

import dev.holdfast.Holdfast;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of this process's node, for the actuator of Spring Boot 4. */
@AutoConfiguration(after = HoldfastAutoConfiguration.class)
@ConditionalOnClass(
    name = {
      "org.springframework.boot.health.contributor.HealthIndicator",
      "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
    })
@ConditionalOnBean(Holdfast.class)
public final class HealthOfBoot4 {

  /** Creates the configuration; called by Spring Boot. */
  public HealthOfBoot4() {}

  @Bean
  @ConditionalOnEnabledHealthIndicator("holdfast")
  @ConditionalOnMissingBean(name = "holdfastHealthIndicator")
  HealthIndicator holdfastHealthIndicator(Holdfast holdfast, HoldfastSettings settings) {
    return () -> {
      NodeHealth health = NodeHealth.of(holdfast, settings.node());
      return (health.isUp() ? Health.up() : Health.down()).withDetails(health.details()).build();
    };
  }
}
