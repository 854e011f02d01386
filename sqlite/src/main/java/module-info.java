/** The store in one SQLite file, shared by any number of processes on one machine. */
module dev.holdfast.sqlite {
  requires transitive dev.holdfast.jdbc;
  requires static transitive org.jspecify;
  requires org.xerial.sqlitejdbc;
  requires org.slf4j;

  provides dev.holdfast.spi.StoreProvider with
      dev.holdfast.sqlite.SqliteStoreProvider;
}
