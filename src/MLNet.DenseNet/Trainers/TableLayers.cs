namespace MLNet.DenseNet;

/// <summary>What comes before the hidden layers.</summary>
/// <param name="Missing">Takes missing features; null where none is missing.</param>
/// <param name="Standardization">Standardizes features; null where they stay as they are.</param>
/// <param name="Embedding">Functions of single numbers, of each network of an ensemble its own; null for none.</param>
internal sealed record TableLayers(MissingValueLayer? Missing, StandardizationLayer? Standardization, NumericEmbeddingLayer? Embedding);
