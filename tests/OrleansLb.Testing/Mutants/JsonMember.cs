namespace OrleansLb.Testing.Mutants;

/// <summary>Where one value of a JSON text is.</summary>
/// <param name="NameStart">Where its name begins, with the quotes; where its value begins for an item of a list and for the whole.</param>
/// <param name="NameEnd">Where its name ends.</param>
/// <param name="ValueStart">Where its value begins.</param>
/// <param name="End">Where its value ends.</param>
internal readonly record struct JsonMember(int NameStart, int NameEnd, int ValueStart, int End)
{
    public bool IsNamed => NameEnd > NameStart;
}
