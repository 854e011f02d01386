package dev.holdfast.spring.boot;

import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Tracing;
import dev.holdfast.spring.CurrentTransaction;
import dev.holdfast.spring.HoldfastLifecycle;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Opens a queue in the application's database, runs the handlers among its beans, and offers a
 * {@link JobQueue} that enqueues within the current transaction.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
      "org.springframework.boot.autoconfigure.transaction.jta.JtaAutoConfiguration",
      "org.springframework.boot.transaction.jta.autoconfigure.JtaAutoConfiguration"
    })
@ConditionalOnProperty(name = "holdfast.enabled", matchIfMissing = true)
@Import({ConnectionDetailsOfBoot3.class, ConnectionDetailsOfBoot4.class})
public final class HoldfastAutoConfiguration {
  private static final String JTA = "org.springframework.transaction.jta.JtaTransactionManager";

  /** Creates the configuration; called by Spring Boot. */
  public HoldfastAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  HoldfastSettings holdfastSettings(Environment environment) {
    JacksonVersion.check();
    return HoldfastSettings.read(environment);
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Holdfast holdfast(
      HoldfastSettings settings,
      BeanFactory beans,
      ObjectProvider<DataSource> dataSources,
      ObjectProvider<ConnectionAddress> details,
      ObjectProvider<Tracing> tracing) {
    Address address =
        settings
            .url()
            .map(url -> new Address(url, settings.username(), settings.password()))
            .orElseGet(() -> addressOf(dataSource(settings, beans, dataSources), details));
    Holdfast holdfast = Holdfast.open(address.text());
    tracing.ifUnique(holdfast::traceBy);
    return holdfast;
  }

  private static Address addressOf(
      Optional<DataSource> dataSource, ObjectProvider<ConnectionAddress> details) {
    if (dataSource.isEmpty()) {
      throw new InvalidRequestException(
          "the configuration of Holdfast is not right:\n- there is no single DataSource to keep"
              + " the queue in: set holdfast.url, or name the bean in holdfast.data-source");
    }
    return DataSources.addressOf(dataSource.get())
        .or(() -> Optional.ofNullable(details.getIfUnique()).map(ConnectionAddress::address))
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "the configuration of Holdfast is not right:\n- the address of a DataSource"
                        + " of class %s is not known: set holdfast.url to that of its database"
                            .formatted(dataSource.get().getClass().getName())));
  }

  private static Optional<DataSource> dataSource(
      HoldfastSettings settings, BeanFactory beans, ObjectProvider<DataSource> dataSources) {
    return settings
        .dataSource()
        .map(name -> beans.getBean(name, DataSource.class))
        .or(() -> Optional.ofNullable(dataSources.getIfUnique()));
  }

  @Bean
  HandledTypes holdfastTypes() {
    return new HandledTypes();
  }

  /** The one that is injected as a {@link JobQueue}. */
  @Bean
  @Primary
  JobQueue jobQueue(
      Holdfast holdfast,
      HoldfastSettings settings,
      ListableBeanFactory beans,
      ObjectProvider<DataSource> dataSources) {
    if (!settings.joinsTransactions()) {
      return holdfast.queue();
    }
    if (isJta(beans)) {
      return holdfast.embedding().joining(CurrentTransaction.ofJta());
    }
    return holdfast
        .embedding()
        .joining(
            dataSource(settings, beans, dataSources)
                .map(CurrentTransaction::of)
                .orElseGet(CurrentTransaction::ofNone));
  }

  private static boolean isJta(ListableBeanFactory beans) {
    ClassLoader loader = HoldfastAutoConfiguration.class.getClassLoader();
    return ClassUtils.isPresent("jakarta.transaction.UserTransaction", loader)
        && beans.getBeanNamesForType(ClassUtils.resolveClassName(JTA, loader), true, false).length
            > 0;
  }

  @Bean
  @ConditionalOnMissingBean
  HoldfastLifecycle holdfastLifecycle(
      Holdfast holdfast, HoldfastSettings settings, ConfigurableListableBeanFactory beans) {
    return new HoldfastLifecycle(holdfast, beans, settings.node());
  }
}
