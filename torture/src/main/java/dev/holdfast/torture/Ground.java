package dev.holdfast.torture;

/**
 * The store of a run and its environment.
 *
 * @param postgres the major version of the PostgreSQL that the run starts; 0 for an SQLite file
 * @param pooled whether connections go through PgBouncer
 * @param apart whether each worker behaves as on its own machine: only the database shows that
 *     another one has died
 */
public record Ground(int postgres, boolean pooled, boolean apart) {
  private static final int OLDEST = 15;

  /** An SQLite file. */
  public static final Ground SQLITE = new Ground(0, false, false);

  /** Validates the values. */
  public Ground {
    if (postgres != 0 && postgres < OLDEST) {
      throw new IllegalArgumentException(
          "PostgreSQL must be %d or newer, was %d".formatted(OLDEST, postgres));
    }
    if (postgres == 0 && (pooled || apart)) {
      throw new IllegalArgumentException(
          "an SQLite file has no PgBouncer and is on one machine: use PostgreSQL for that");
    }
  }

  /** Returns a PostgreSQL of this major version, with each worker as on its own machine. */
  public static Ground postgres(int major) {
    return new Ground(major, false, true);
  }

  /** Returns a copy behind PgBouncer. */
  public Ground behindPgBouncer() {
    return new Ground(postgres, true, apart);
  }

  boolean isSqlite() {
    return postgres == 0;
  }
}
