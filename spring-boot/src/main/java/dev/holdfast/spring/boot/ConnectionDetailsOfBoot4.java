package dev.holdfast.spring.boot;

import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The address of the {@code DataSource} that Spring Boot 4 makes. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails")
final class ConnectionDetailsOfBoot4 {

  @Bean
  @ConditionalOnBean(JdbcConnectionDetails.class)
  ConnectionAddress holdfastConnectionAddress(JdbcConnectionDetails details) {
    return () ->
        new Address(
            details.getJdbcUrl(),
            Optional.ofNullable(details.getUsername()),
            Optional.ofNullable(details.getPassword()));
  }
}
