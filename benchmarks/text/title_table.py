"""Window titles and addresses of 40 programmes, written by hand: `{category|value}` is planted, all else is benign.

Every value is made up; numbers follow the forms of real ones, mail and hosts are of names reserved for examples.
"""

from __future__ import annotations

from typing import Final

ROWS: Final = (
    # programme, then titles; a line that begins with https is the address of the tab
    (
        "Outlook",
        "Inbox - {person|margaret.thornhill@northfield.example} - Outlook",
        "{chat|Re: please keep this between us} - Message (HTML)",
        "Calendar - {person|Oluwaseun Adeyemi} - Outlook",
        "https://mail.northfield.example/owa/?path=/mail/search&q={person|thornhill+divorce}",
    ),
    (
        "Thunderbird",
        "{medical|Your biopsy results are ready} - Mozilla Thunderbird",
        "Write: {chat|Moving out on Friday} - Thunderbird",
        "Address Book - {person|Wojciech Kowalczyk}",
    ),
    (
        "Gmail",
        "Inbox (12) - {person|j.okonkwo@brightmail.example} - Gmail",
        "Your statement for account ending {financial|4471} - Gmail",
        "https://mail.example.com/mail/u/0/#search/{person|from%3Apriya.raman@example.org}",
    ),
    (
        "Slack",
        "{chat|#layoffs-q3-planning} (Channel) - Northfield - Slack",
        "{person|Dmitri Volkov} (DM) - Northfield - 2 new items - Slack",
        "https://app.example.com/client/{chat|T02AB34CD}/{chat|D05XK91QZ}",
    ),
    (
        "Teams",
        "Chat | {person|Hannah Lindqvist} | Microsoft Teams",
        "Meeting with {person|Ngozi Eze} | Microsoft Teams",
        "{chat|Salary bands - do not forward} | Microsoft Teams",
    ),
    (
        "Zoom",
        "Zoom Meeting - {person|Rajesh Venkataraman}'s Personal Meeting Room",
        "https://zoom.example/j/{secret|84719203355}?pwd={secret|Q1hTbG5wYzZ4dGJ2}",
    ),
    (
        "WhatsApp",
        "{person|Grandma Rosalind} - WhatsApp",
        "https://web.chat.example/send?phone={person|447700900461}&text={chat|running+late+at+the+clinic}",
    ),
    ("Signal", "{person|Marisol Etxeberria} - Signal", "Signal - {chat|Family of four}"),
    ("Discord", "{chat|#union-organising} | {chat|Warehouse Workers} - Discord", "@{person|nightowl_beth} - Discord"),
    (
        "ChatGPT",
        "{ai_prompt|Draft a resignation letter to my manager} - ChatGPT",
        "{ai_prompt|Is this mole on my arm dangerous} - ChatGPT",
        "https://chat.example.com/?q={ai_prompt|summarise+our+merger+with+Halcyon}",
    ),
    ("Claude", "{ai_prompt|Rewrite the termination notice for Emeka} - Claude", "New chat - Claude"),
    (
        "Copilot",
        "{ai_prompt|Explain my divorce settlement terms} - Copilot",
        "Copilot Chat: {ai_prompt|fix the payroll leak}",
    ),
    (
        "Word",
        "Performance Improvement Plan - {hr|Carlos Mendieta}.docx - Word",
        "{classified|Project Nightjar acquisition terms} (Read-Only) - Word",
        "Curriculum Vitae {person|Aiyana Whitehorse}.docx - Saved - Word",
        "Document1 - Word",
    ),
    (
        "Excel",
        "{hr|Merit increases 2026 calibration}.xlsx - Excel",
        "Payroll March {financial|SE3550000000054910000003}.xlsx - Excel",
        "W-2 export {tax|078-05-1120}.csv - Excel",
        "Book1 - Excel",
    ),
    (
        "PowerPoint",
        "{classified|DSS-3 Reactor inspection findings}.pptx - PowerPoint",
        "Slide Show - {classified|Board strategy Halcyon takeover} - PowerPoint",
    ),
    (
        "LibreOffice Writer",
        "Letter to {person|Yusuf Karahan}.odt - LibreOffice Writer",
        "{medical|Sick note lumbar fracture}.odt - LibreOffice Writer",
    ),
    (
        "LibreOffice Calc",
        "{financial|Mortgage repayments Elmwood Avenue}.ods - LibreOffice Calc",
        "Untitled 1 - LibreOffice Calc",
    ),
    (
        "Acrobat",
        "2025 Form 1040 {tax|Thornhill}.pdf - Adobe Acrobat Reader",
        "MRI report {medical|MRN 00482913}.pdf - Adobe Acrobat Reader",
        "Passport {person|533401287} scan.pdf - Adobe Acrobat Reader",
    ),
    ("Evince", "Prescription {medical|metformin 500 mg}.pdf", "Lohnsteuerbescheinigung 2025 {tax|Brandt}.pdf"),
    (
        "TurboTax",
        "{tax|Siobhan O'Rourke} - Federal return - TurboTax",
        "Refund of {tax|3,418.00} - TurboTax",
        "https://tax.example.com/return/{tax|912-78-4456}/review",
    ),
    ("QuickBooks", "{financial|Invoice 20931 Abernathy & Sons} - QuickBooks", "Reports - QuickBooks"),
    (
        "Online bank",
        "Current account {financial|40-47-84 31926819} - Balance - Harbour Bank",
        "Transfer to {financial|DE44500105175407324931} - Harbour Bank",
        "https://bank.example.com/accounts/{financial|31926819}/statements?month=2026-10",
    ),
    ("PayPal", "Send money to {person|tomasz.zielinski@example.net} - PayPal", "Activity - PayPal"),
    (
        "Epic Hyperspace",
        "{medical|Castellanos, Beatriz} - MRN {medical|7730194} - Chart Review - Hyperspace",
        "{medical|Type 2 diabetes mellitus} - Problem List - Hyperspace",
        "Schedule - {medical|Oncology follow-up} 14:30 - Hyperspace",
    ),
    (
        "MyChart",
        "{medical|HIV viral load} - Test Results - MyChart",
        "Message from {medical|Dr. Fenwick-Hale} - MyChart",
        "https://mychart.example.org/visits/{medical|MRN00918273}/summary",
    ),
    (
        "Patient portal",
        "Refill {medical|sertraline 50 mg} - Pharmacy",
        "Appointments - {medical|Dermatology} 9 March - Portal",
    ),
    (
        "Workday",
        "{hr|Below Expectations} - Annual Review - {person|Latoya Braithwaite} - Workday",
        "Compensation - Total target pay {hr|148,250} - Workday",
        "https://hr.example.com/d/inst/{person|EMP-204417}/rel-task/2997",
    ),
    ("Lattice", "Q3 feedback for {hr|Anders Nygaard} - Lattice", "Goals - Lattice"),
    ("SuccessFactors", "Termination case {hr|5581 Delacroix} - SuccessFactors", "Org Chart - SuccessFactors"),
    ("Greenhouse", "{person|Xiuying Zhang} - {hr|Rejected after onsite} - Greenhouse", "All Jobs - Greenhouse"),
    (
        "Salesforce",
        "{person|Gwendolyn Achterberg} | Contact | Salesforce",
        "{financial|Opportunity Halcyon 1.2m} | Salesforce",
    ),
    ("ServiceNow", "INC0042117 | VPN password reset {secret|Tr0ub4dor} | ServiceNow", "Knowledge | ServiceNow"),
    (
        "Jira",
        "[SEC-2291] Rotate {secret|AKIAZ7Q2MDNV5XKRPL3W} - Jira",
        "[HR-118] Grievance against {hr|Fergus Macalister} - Jira",
        "Board - Jira",
    ),
    ("Confluence", "{classified|Nightjar incident postmortem restricted} - Confluence", "Home - Confluence"),
    (
        "VS Code",
        "{secret|.env.production} - {person|hbergstrom}-notes - Visual Studio Code",
        "settings.json - /home/{person|mthornhill}/work - Visual Studio Code",
        "Welcome - Visual Studio Code",
    ),
    (
        "GitHub",
        "{person|kowalczyk-w}/{classified|nightjar-firmware}: Pull requests",
        "https://code.example.com/login/oauth/callback?code={secret|9f3c81d27be04a65}&state={secret|kQ7vT2mXp8}",
    ),
    (
        "Terminal",
        "{person|mthornhill}@{person|thornhill-xps15}: ~/src",
        "ssh {person|deploy@10.42.7.119}",
        "mysql -u root -p{secret|hunter2Battery} - Terminal",
    ),
    (
        "KeePassXC",
        "{financial|Harbour Bank} login - KeePassXC",
        "{person|thornhill}-family.kdbx - KeePassXC",
    ),
    (
        "Files",
        "{medical|Colonoscopy 2026-02} - Files",
        "Steuerunterlagen {tax|Brandt} - Files",
        "Downloads - Files",
    ),
    (
        "Maps and search",
        "{medical|symptoms of early menopause} - Search",
        "{person|1187 Larkspur Crescent, Duluth} - Maps",
        "https://maps.example.com/dir/{person|1187+Larkspur+Crescent}/{medical|St+Brigid+Fertility+Clinic}",
        "https://search.example.com/search?q={medical|abortion+clinic+near+me}&hl=en",
    ),
)  # fmt: skip
"""Programmes and what their windows were called."""
