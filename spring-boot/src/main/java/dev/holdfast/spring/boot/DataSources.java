package dev.holdfast.spring.boot;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.util.ClassUtils;

/** Reads the address off a {@code DataSource} that the application made itself. */
final class DataSources {
  private static final boolean HAS_HIKARI =
      ClassUtils.isPresent(
          "com.zaxxer.hikari.HikariDataSource", DataSources.class.getClassLoader());

  private DataSources() {}

  /** Returns the address; empty for an unknown kind of data source. */
  static Optional<Address> addressOf(DataSource dataSource) {
    try {
      Optional<Address> pooled = HAS_HIKARI ? Pooled.addressOf(dataSource) : Optional.empty();
      if (pooled.isEmpty() && dataSource.isWrapperFor(AbstractDriverBasedDataSource.class)) {
        AbstractDriverBasedDataSource plain =
            dataSource.unwrap(AbstractDriverBasedDataSource.class);
        return address(plain.getUrl(), plain.getUsername(), plain.getPassword());
      }
      return pooled;
    } catch (SQLException unusable) {
      return Optional.empty();
    }
  }

  private static Optional<Address> address(
      @Nullable String url, @Nullable String username, @Nullable String password) {
    return Optional.ofNullable(url)
        .map(
            given ->
                new Address(given, Optional.ofNullable(username), Optional.ofNullable(password)));
  }

  /** Loaded only where there is HikariCP. */
  private static final class Pooled {
    static Optional<Address> addressOf(DataSource dataSource) throws SQLException {
      if (!dataSource.isWrapperFor(HikariDataSource.class)) {
        return Optional.empty();
      }
      HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
      return address(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword());
    }
  }
}
