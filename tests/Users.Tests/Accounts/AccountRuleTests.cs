using Modular.Users.Accounts;

namespace Modular.Users.Tests.Accounts;

public sealed class AccountRuleTests
{
    [Theory]
    [InlineData("kim@example.org")]
    [InlineData("kim.o'neill+events@sub.example.org")]
    [InlineData("  kim@example.org ")]
    [InlineData("käthe@bücher.example")]
    public void An_address_is_taken(string email) => EmailAddress.Wrong(email).ShouldBeNull();

    [Theory]
    [InlineData(null, "email-required")]
    [InlineData("  ", "email-required")]
    [InlineData("kim", "email-invalid")]
    [InlineData("kim@", "email-invalid")]
    [InlineData("@example.org", "email-invalid")]
    [InlineData("kim@example.org, lee@example.org", "email-invalid")]
    [InlineData("Kim <kim@example.org>", "email-invalid")]
    [InlineData("kim@example.org\r\nBcc: all@example.org", "email-invalid")]
    [InlineData("kim lee@example.org", "email-invalid")]
    public void What_is_no_address_is_refused(string? email, string type) => EmailAddress.Wrong(email)!.Type.ShouldBe(type);

    [Fact]
    public void An_address_that_no_mail_server_takes_is_refused() =>
        EmailAddress.Wrong($"{new string('a', 250)}@b.cd")!.Type.ShouldBe("email-invalid");

    [Fact]
    public void Capitals_make_no_other_address() => Account.KeyOf("Kim@Example.ORG").ShouldBe(Account.KeyOf("kim@example.org"));

    [Theory]
    [InlineData(null, "password-required")]
    [InlineData("", "password-required")]
    [InlineData("seven77", "password-too-short")]
    [InlineData("aaaaaaaaaaaa", "password-too-easy")]
    [InlineData("KIM@example.org", "password-too-easy")]
    public void A_password_that_does_not_do_is_refused(string? password, string type) =>
        PasswordRule.Wrong(password, "kim@example.org")!.Type.ShouldBe(type);

    [Theory]
    [InlineData("password")]
    [InlineData("PassWord")]
    [InlineData("Password1!")]
    [InlineData("p@ssw0rd2026")]
    [InlineData("qwertyuiop")]
    [InlineData("1qaz2wsx")]
    [InlineData("iloveyou")]
    [InlineData("Football 2026")]
    [InlineData("12345678")]
    [InlineData("87654321")]
    [InlineData("abcdefghij")]
    [InlineData("abababab")]
    [InlineData("abcabcabca")]
    [InlineData("kim@example.org1")]
    [InlineData("kim12345")]
    [InlineData("kimberlylee")]
    [InlineData("Kimberly-Lee 99")]
    public void What_is_guessed_first_is_refused(string password) =>
        PasswordRule.Wrong(password, "kim@example.org", "Kimberly Lee")!.Type.ShouldBe("password-too-easy");

    [Fact]
    public void The_list_of_common_passwords_is_there_and_none_of_it_is_refused_for_something_else_already()
    {
        using var list = new StreamReader(typeof(PasswordRule).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        var all = list.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        all.Length.ShouldBeGreaterThan(300);
        all.ShouldBeUnique();
        all.Where(p => PasswordRule.Wrong(p)?.Type != "password-too-easy").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("eight888")]
    [InlineData("   spaces count   ")]
    [InlineData("🦦🦦🦦🦦🦦🦦🦦🐟")]
    public void A_long_enough_password_is_taken_whatever_is_in_it(string password) => PasswordRule.Wrong(password, "kim@example.org").ShouldBeNull();

    [Fact]
    public void A_password_has_an_upper_bound() => PasswordRule.Wrong(string.Concat(Enumerable.Repeat("ab", 101)))!.Type.ShouldBe("password-too-long");

    [Fact]
    public void An_account_shows_no_hash_where_it_is_written_by_mistake() =>
        $"{Account.Of(Guid.NewGuid(), "kim@example.org", "the-hash")}".ShouldNotContain("the-hash");

    [Fact]
    public void A_request_shows_no_password_where_it_is_written_by_mistake()
    {
        $"{new Login.Request("kim@example.org", "the-password")}".ShouldNotContain("the-password");
        $"{new Register.Request("Kim", "kim@example.org", "the-password")}".ShouldNotContain("the-password");
    }
}
