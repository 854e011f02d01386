/**
 * The parts that the load programs share: Holdfast through its public API on any store, the
 * baselines, and the computation of figures.
 */
package dev.holdfast.benchmarks.load;
