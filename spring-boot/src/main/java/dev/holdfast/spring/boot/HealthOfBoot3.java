package dev.holdfast.spring.boot;

import dev.holdfast.Holdfast;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The health of this process's node, for the actuator of Spring Boot 3. */
@AutoConfiguration(after = HoldfastAutoConfiguration.class)
@ConditionalOnClass(
    name = {
      "org.springframework.boot.actuate.health.HealthIndicator",
      "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
    })
@ConditionalOnBean(Holdfast.class)
public final class HealthOfBoot3 {

  /** Creates the configuration; called by Spring Boot. */
  public HealthOfBoot3() {}

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
