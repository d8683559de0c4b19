using System.Text.Json;

namespace OrleansLb.Testing.Mutants;

/// <summary>Finds the members and items of a JSON text, so that the text can be changed where a writer of JSON would never do it.</summary>
internal static class JsonMembers
{
    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 1_000 };

    /// <summary>All of them, the whole last; none when the text is no JSON.</summary>
    public static List<JsonMember> Of(ReadOnlySpan<byte> json)
    {
        var members = new List<JsonMember>();
        var open = new Stack<JsonMember>();
        JsonMember? named = null;
        var reader = new Utf8JsonReader(json, Lenient);
        try
        {
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        named = new JsonMember(start, start + reader.ValueSpan.Length + 2, 0, 0);
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push(Begun(named, start));
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        members.Add(open.Pop() with { End = (int)reader.BytesConsumed });
                        break;
                    default:
                        members.Add(Begun(named, start) with { End = (int)reader.BytesConsumed });
                        break;
                }

                named = null;
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return members;
    }

    private static JsonMember Begun(JsonMember? named, int start) => (named ?? new JsonMember(start, start, start, 0)) with { ValueStart = start };
}
