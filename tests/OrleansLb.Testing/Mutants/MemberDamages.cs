using System.Globalization;
using System.Text;

namespace OrleansLb.Testing.Mutants;

/// <summary>What people and their templates do to files: values of the wrong kind, keys twice, misspelt or misplaced, too much of everything. Mostly it stays JSON.</summary>
internal static class MemberDamages
{
    private static readonly (string Name, Func<byte[], List<JsonMember>, Random, byte[]> Do)[] All =
    [
        ("another value", static (content, members, random) => OtherValue(content, random.Of(members), Encoding.UTF8.GetBytes(random.Of(OddJson.Values)))),
        ("another value", static (content, members, random) => OtherValue(content, random.Of(members), Encoding.UTF8.GetBytes(random.Of(OddJson.Values)))),
        ("the value of another key", static (content, members, random) => OtherValue(content, random.Of(members), ValueOf(content, random.Of(members)))),
        ("another name", static (content, members, random) => OtherName(content, random.Of(members), Encoding.UTF8.GetBytes(random.Of(OddJson.Names)))),
        ("the name of another key", static (content, members, random) => OtherName(content, random.Of(members), NameOf(content, random.Of(members)))),
        ("a deep name", static (content, members, random) => OtherName(content, random.Of(members), DeepName(random.Of(OddJson.Depths)))),
        ("a key twice", static (content, members, random) => Twice(content, random.Of(members), ValueOf(content, random.Of(members)))),
        ("a key twice in other case", static (content, members, random) => TwiceInOtherCase(content, random.Of(members))),
        ("a key more", static (content, members, random) => Before(content, random.Of(members), Encoding.UTF8.GetBytes(random.Of(OddJson.Names)), Encoding.UTF8.GetBytes(random.Of(OddJson.Values)))),
        ("a key elsewhere too", static (content, members, random) => Elsewhere(content, random.Of(members), random.Of(members))),
        ("a key less", static (content, members, random) => Without(content, random.Of(members))),
        ("nested", static (content, members, random) => Nested(content, random.Of(members), random.Of(OddJson.Depths), inLists: random.Next(2) == 0)),
    ];

    public static string Do(ref byte[] content, List<JsonMember> members, Random random)
    {
        var (name, damage) = random.Of(All);
        content = damage(content, members, random);
        return name;
    }

    private static byte[] OtherValue(byte[] content, JsonMember member, ReadOnlySpan<byte> value) => [.. content[..member.ValueStart], .. value, .. content[member.End..]];

    private static byte[] OtherName(byte[] content, JsonMember member, ReadOnlySpan<byte> name) =>
        member.IsNamed ? [.. content[..member.NameStart], .. name, .. content[member.NameEnd..]] : content;

    private static byte[] Twice(byte[] content, JsonMember member, ReadOnlySpan<byte> value) => Before(content, member, NameOf(content, member), value);

    private static byte[] TwiceInOtherCase(byte[] content, JsonMember member) => Before(content, member, OtherCase(NameOf(content, member)), ValueOf(content, member));

    private static byte[] Elsewhere(byte[] content, JsonMember member, JsonMember place) => Before(content, place, NameOf(content, member), ValueOf(content, member));

    private static byte[] Nested(byte[] content, JsonMember member, int depth, bool inLists) => OtherValue(content, member, OddJson.Nested(ValueOf(content, member), depth, inLists));

    private static byte[] Before(byte[] content, JsonMember member, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        member.IsNamed ? [.. content[..member.NameStart], .. name, (byte)':', .. value, (byte)',', .. content[member.NameStart..]] : content;

    private static byte[] Without(byte[] content, JsonMember member)
    {
        var end = member.End;
        while (end < content.Length && content[end] is (byte)' ' or (byte)'\n' or (byte)'\r')
            end++;
        if (end < content.Length && content[end] == (byte)',')
            end++;
        return [.. content[..member.NameStart], .. content[end..]];
    }

    private static ReadOnlySpan<byte> NameOf(byte[] content, JsonMember member) => member.IsNamed ? content.AsSpan(member.NameStart..member.NameEnd) : "\"0\""u8;

    private static ReadOnlySpan<byte> ValueOf(byte[] content, JsonMember member) => content.AsSpan(member.ValueStart..member.End);

    private static byte[] DeepName(int depth) => Encoding.ASCII.GetBytes($"\"{string.Join(':', Enumerable.Range(0, depth + 1).Select(static level => (level % 10).ToString(CultureInfo.InvariantCulture)))}\"");

    private static byte[] OtherCase(ReadOnlySpan<byte> name)
    {
        var other = name.ToArray();
        for (var i = 0; i < other.Length; i++)
        {
            if (char.IsAsciiLetter((char)other[i]))
                other[i] ^= 0x20;
        }

        return other;
    }
}
