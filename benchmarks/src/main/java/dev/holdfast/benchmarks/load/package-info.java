/**
 * What the load programs share: Holdfast driven by its public API on any store, what it is measured
 * beside, and how figures are put together.
 */
package dev.holdfast.benchmarks.load;
