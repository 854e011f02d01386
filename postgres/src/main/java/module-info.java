/** The store in a PostgreSQL database, shared by any number of processes on any machines. */
module dev.holdfast.postgres {
  requires transitive dev.holdfast.jdbc;
  requires static transitive org.jspecify;
  requires org.postgresql.jdbc;
  requires static org.checkerframework.checker.qual;
  requires com.zaxxer.hikari;
  requires org.slf4j;

  opens dev.holdfast.postgres.driver to
      org.postgresql.jdbc; // which instantiates the lifeline's socket factory

  provides dev.holdfast.spi.StoreProvider with
      dev.holdfast.postgres.PostgresStoreProvider;
}
