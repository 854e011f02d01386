package dev.holdfast.spring.boot;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** The node and the types of this process, for the actuator's info. */
@AutoConfiguration(after = HoldfastAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.actuate.info.InfoContributor")
@ConditionalOnBean(Holdfast.class)
@ConditionalOnProperty(name = "management.info.holdfast.enabled", matchIfMissing = true)
public final class HoldfastInfoAutoConfiguration {

  /** Creates the configuration; called by Spring Boot. */
  public HoldfastInfoAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "holdfastInfoContributor")
  InfoContributor holdfastInfoContributor(HandledTypes types, HoldfastSettings settings) {
    return builder -> {
      Map<String, Object> info = new LinkedHashMap<>();
      settings.node().map(NodeConfig::name).ifPresent(name -> info.put("node", name));
      info.put("types", types.sorted());
      builder.withDetail("holdfast", info);
    };
  }
}
